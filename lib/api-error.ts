import type { Problem } from "./schemas/common.ts";

/**
 * What the REST API (or the way to it) said instead of an answer. `detail` is a sentence for people.
 * status 0 and code UNREACHABLE: no HTTP answer at all. Code BAD_ANSWER: an answer that is not ours.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string | null;
  /** For invalid input: one line for each wrong field. */
  readonly errors: NonNullable<Problem["errors"]>;
  /** RATE_LIMITED and UNAVAILABLE: when trying again makes sense. */
  readonly retryAfterSeconds: number | null;

  constructor(init: {
    status: number;
    code: string;
    detail: string;
    requestId?: string | null;
    errors?: Problem["errors"];
    retryAfterSeconds?: number | null;
    cause?: unknown;
  }) {
    super(init.detail, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = "ApiError";
    this.status = init.status;
    this.code = init.code;
    this.detail = init.detail;
    this.requestId = init.requestId ?? null;
    this.errors = init.errors ?? [];
    this.retryAfterSeconds = init.retryAfterSeconds ?? null;
  }
}
