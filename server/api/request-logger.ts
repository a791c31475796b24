import { limitRepeats } from "#server/log-files/limit-repeats.ts";
import type { Logger } from "#server/logger.ts";

export type SeenRequest = {
  requestId: string;
  traceId: string | null;
  userId: string | null;
  method: string;
  /** The template, never the address itself. */
  route: string;
  status: number;
  milliseconds: number;
};
export type RequestLogger = ReturnType<typeof createRequestLogger>;

/** One line a request. Refusals, which strangers can cause without end, are limited. */
export function createRequestLogger(logger: Logger) {
  const limited = limitRepeats(logger);
  return {
    log({ milliseconds, traceId, userId, ...seen }: SeenRequest): void {
      const { method, route, status } = seen;
      const fields = {
        ...seen,
        ms: Math.round(milliseconds),
        ...(userId === null ? {} : { userId }),
        ...(traceId === null ? {} : { traceId }),
      };
      if (status < 400 || status >= 500) logger[status < 400 ? "info" : "warn"](fields, "request");
      else limited.log("info", `${method} ${route} ${status}`, fields, "request");
    },
  };
}
