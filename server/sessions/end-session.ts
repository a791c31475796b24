import type { Redis } from "ioredis";
import type { Context } from "#server/context.ts";
import { revokeSession } from "#server/session-rows/revoke-session.ts";
import { dropCachedSession, SESSION_COOKIE } from "#server/session-store.ts";

/** For the browser that has signed out. */
export const CLEARED_COOKIE = `${SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax`;

/** Ends one of the actor's sessions and what was handed on from it, in the truth and in the cache. */
export async function endSession(redis: Redis, ctx: Context, id: string): Promise<void> {
  const { idHashes } = await revokeSession({ ctx, id });
  // Redis away: its entry dies within a minute and proxy-auth learns of the end by the change feed.
  await Promise.all(idHashes.map((idHash) => dropCachedSession(redis, idHash))).catch(() => undefined);
}
