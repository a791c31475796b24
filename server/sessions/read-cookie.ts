import { SESSION_COOKIE } from "#server/session-store.ts";

/** The opaque id in the Cookie header, or null. */
export function readCookie(headers: Headers): string | null {
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (pair.slice(0, at).trim() === SESSION_COOKIE) return pair.slice(at + 1).trim();
  }
  return null;
}
