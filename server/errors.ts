/** What can go wrong, in the few kinds a caller can do something about. Each transport maps them exhaustively. */
export const ERROR_CODES = [
  "INVALID_INPUT",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "CONFLICT",
  "GONE",
  "TOO_LARGE",
  "UNSUPPORTED_MEDIA",
  "RATE_LIMITED",
  "UNAVAILABLE",
  "INTERNAL",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export type FieldError = { path: string; message: string };

/** `message` is public: it says what to do and holds no secret. The cause is for the log. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldError[] | undefined;
  /** RATE_LIMITED and UNAVAILABLE: when trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; fields?: FieldError[]; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.fields = options.fields;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export const invalidInput = (message: string, fields?: FieldError[]) =>
  new AppError("INVALID_INPUT", message, fields ? { fields } : {});
export const unauthenticated = (message = "Sign in first.") => new AppError("UNAUTHENTICATED", message);
export const forbidden = (message = "Your role does not allow this.") => new AppError("FORBIDDEN", message);
export const notFound = (what: string, id: string) =>
  new AppError("NOT_FOUND", `There is no ${what} “${id}”.`);
export const conflict = (message: string) => new AppError("CONFLICT", message);
export const gone = (message: string) => new AppError("GONE", message);
export const rateLimited = (retryAfterSeconds: number) =>
  new AppError("RATE_LIMITED", `Too many attempts. Try again in ${retryAfterSeconds} s.`, {
    retryAfterSeconds,
  });
export const unavailable = (message: string, cause?: unknown) =>
  new AppError("UNAVAILABLE", message, { cause, retryAfterSeconds: 2 });
