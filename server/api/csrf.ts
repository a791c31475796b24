import { AppError, forbidden } from "#server/errors.ts";

/**
 * A write that a browser may send on another site's behalf: with a cookie, Origin must be the panel's; without
 * one (sign-in, invite) a foreign Origin is refused all the same. Either way the body must call itself JSON, which
 * a form of another site cannot. Bearer tokens need neither: a browser never adds them by itself.
 */
export function refuseCrossSite(request: Request, panelOrigin: string, hasCookie: boolean): void {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new AppError("UNSUPPORTED_MEDIA", "Send the header Content-Type: application/json.");
  }
  const origin = request.headers.get("origin");
  if (origin === panelOrigin || (origin === null && !hasCookie)) return;
  throw forbidden(`Writes with a session are accepted from ${panelOrigin} only.`);
}
