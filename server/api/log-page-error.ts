import { findWebRuntime } from "./web-runtime.ts";

/** `route` is the template: an address may hold a secret. The digest is what Next tells the browser. */
export function logPageError(
  error: unknown,
  { requestId, route }: { requestId: string | string[] | undefined; route: string },
): void {
  const { digest } = (error ?? {}) as { digest?: unknown };
  findWebRuntime()?.logger.error({ requestId, route, digest, err: error }, "a page could not be made");
}
