import type { Instrumentation } from "next";

/** Next calls this once when the server starts, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs" || process.env.NEXT_PHASE === "phase-production-build") return;
  const { startWeb } = await import("#server/api/start-web.ts");
  await startWeb();
}

/** A page or route that failed while it was made: the log line has the ids that the error page shows. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, { routePath }) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { logPageError } = await import("#server/api/log-page-error.ts");
  logPageError(error, { requestId: request.headers["x-request-id"], route: routePath });
};
