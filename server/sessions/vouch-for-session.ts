import type { Redis } from "ioredis";
import { findSession } from "#server/session-rows/find-session.ts";
import { cacheSession, hashSessionId } from "#server/session-store.ts";
import { readCookie } from "./read-cookie.ts";

/**
 * Puts a live session where ForwardAuth looks first. It sends a browser here whose session it has not seen while
 * somebody at the same address makes up cookies, and must know it when the browser comes back.
 */
export async function vouchForSession(redis: Redis, headers: Headers): Promise<void> {
  const idHash = hashSessionId(readCookie(headers) ?? "");
  const session = idHash === null ? null : await findSession({ idHash });
  if (idHash === null || session === null) return;
  const { userId, host } = session;
  await cacheSession(redis, idHash, { userId, host, expiresAt: session.expiresAt.getTime() }).catch(
    () => undefined,
  );
}
