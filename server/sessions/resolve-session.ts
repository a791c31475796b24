import type { Actor } from "#server/context.ts";
import { findSession } from "#server/session-rows/find-session.ts";
import { touchSession } from "#server/session-rows/touch-session.ts";
import { hashSessionId } from "#server/session-store.ts";
import { SESSION_TOUCH_MS, sessionExpiry } from "./session-policy.ts";

export type SessionActor = Extract<Actor, { kind: "user" }>;

/**
 * Who a cookie's value speaks for, or null. Always asks Postgres: what was ended a moment ago is refused now.
 * `host` is the panel's: a session of another host behind ForwardAuth is no session here.
 */
export async function resolveSession({
  value,
  host,
  now,
}: {
  value: string;
  host: string;
  now: number;
}): Promise<SessionActor | null> {
  const idHash = hashSessionId(value);
  const session = idHash === null ? null : await findSession({ idHash, now });
  if (session === null || session.host !== host) return null;
  if (now - session.lastSeenAt.getTime() >= SESSION_TOUCH_MS) {
    const expiresAt = new Date(sessionExpiry(session.createdAt.getTime(), now));
    const isAlive = await touchSession({ id: session.id, seenAt: new Date(now), expiresAt });
    if (!isAlive) return null;
  }
  const { name, role } = session.user;
  return { kind: "user", id: session.userId, name, role, sessionId: session.id };
}
