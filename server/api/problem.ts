import type { Problem } from "#lib/schemas/common.ts";
import { AppError, type ErrorCode, invalidInput } from "#server/errors.ts";
import { databaseAway } from "./answer-in-time.ts";

type HttpError = { status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 429 | 500 | 503; title: string };

const HTTP = {
  INVALID_INPUT: { status: 400, title: "Invalid input" },
  UNAUTHENTICATED: { status: 401, title: "Not signed in" },
  FORBIDDEN: { status: 403, title: "Not allowed" },
  NOT_FOUND: { status: 404, title: "Not found" },
  CONFLICT: { status: 409, title: "Conflict" },
  GONE: { status: 410, title: "Gone" },
  TOO_LARGE: { status: 413, title: "Too large" },
  UNSUPPORTED_MEDIA: { status: 415, title: "Unsupported content type" },
  RATE_LIMITED: { status: 429, title: "Too many requests" },
  UNAVAILABLE: { status: 503, title: "Unavailable" },
  INTERNAL: { status: 500, title: "Internal error" },
} satisfies Record<ErrorCode, HttpError>;

/** What went wrong as one of ours: a database that is away is worth another try, the rest is a defect. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isAppErrorOfAnotherBundle(error)) {
    const { message, fields, retryAfterSeconds } = error;
    return new AppError(error.code, message, {
      cause: error.cause,
      ...(fields ? { fields } : {}),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
  if (error instanceof Error && UNSTORABLE.test(error.message))
    return invalidInput("A text holds a character that cannot be kept (NUL). Leave it out.");
  if (isDatabaseAway(error)) return databaseAway(error);
  return new AppError("INTERNAL", "Something went wrong here. The log has the cause under this request id.", {
    cause: error,
  });
}

export function httpStatus(error: AppError): HttpError["status"] {
  return HTTP[error.code].status;
}

/** RFC 9457. */
export function problemResponse(error: AppError, requestId: string): Response {
  const { status, title } = HTTP[error.code];
  const problem: Problem = {
    type: "about:blank",
    title,
    status,
    code: error.code,
    detail: error.message,
    requestId,
    ...(error.fields ? { errors: error.fields } : {}),
  };
  const headers = new Headers({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "x-request-id": requestId,
  });
  if (error.retryAfterSeconds !== undefined) headers.set("retry-after", String(error.retryAfterSeconds));
  if (error.code === "UNAUTHENTICATED") headers.set("www-authenticate", 'Bearer realm="causeway"');
  return new Response(JSON.stringify(problem), { status, headers });
}

function isAppErrorOfAnotherBundle(error: unknown): error is AppError {
  return error instanceof Error && error.name === "AppError" && "code" in error && String(error.code) in HTTP;
}

/** PostgreSQL's word for U+0000, which its texts cannot hold. */
const UNSTORABLE = /invalid byte sequence for encoding/;
const AWAY_CODES = new Set([
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "57P01",
  "57P02",
  "57P03",
]);
const AWAY_WORDS =
  /reach database|connection (terminated|timeout)|starting up|shutting down|terminating connection|DatabaseNotReachable|SocketTimeout|ConnectionClosed/i;

function isDatabaseAway(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = "code" in at ? String(at.code) : "";
    if (AWAY_CODES.has(code) || AWAY_WORDS.test(at.message)) return true;
  }
  return false;
}
