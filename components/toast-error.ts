import { toast } from "#components/toast.ts";
import { ApiError } from "#lib/api-error.ts";

/** A write that failed: the server's own sentence. */
export function toastError(error: Error): void {
  const isApiError = error instanceof ApiError;
  toast.error(isApiError ? error.detail : "Something went wrong in this page. Reload it and try again.", {
    ...(isApiError && error.requestId ? { description: `Request ${error.requestId}` } : {}),
    duration: 8_000,
  });
}
