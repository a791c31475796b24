import { createHash, randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import {
  type Handoff,
  handoffSchema,
  type RedeemedHandoff,
  type RedeemHandoffInput,
} from "#lib/schemas/handoff.ts";
import { isSiteHost } from "#server/access/is-site-host.ts";
import { getDb } from "#server/db.ts";
import { createSession } from "#server/session-rows/create-session.ts";
import { cacheSession, hashSessionId } from "#server/session-store.ts";
import type { SessionActor } from "./resolve-session.ts";
import { sessionExpiry } from "./session-policy.ts";

const CODE_SECONDS = 30;
const CALLBACK_PATH = "/.causeway/callback";
const key = (code: string) => `handoff:${createHash("sha256").update(code).digest("hex")}`;

/**
 * Hands a sign-in on to a site on another host: where to send the browser, with a code that works once, within 30 s,
 * on that host only and only in the browser that holds the nonce of `state`. Null: no access rule names the host.
 */
export async function createHandoff(options: {
  actor: SessionActor;
  url: URL;
  state: string;
  redis: Redis;
}): Promise<string | null> {
  const { actor, url, state, redis } = options;
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "") return null;
  if (!(await isSiteHost(url.hostname.replace(/\.$/, "")))) return null;
  const code = randomBytes(32).toString("base64url");
  const handoff: Handoff = {
    userId: actor.id,
    sessionId: actor.sessionId,
    host: url.host,
    url: url.href,
    state,
  };
  await redis.set(key(code), JSON.stringify(handoff), "EX", CODE_SECONDS);
  return `${url.origin}${CALLBACK_PATH}?code=${code}`;
}

/** Opens the session of that host. Null: unknown, used, expired, for another host or another browser, or signed out since. */
export async function redeemHandoff(options: {
  input: RedeemHandoffInput;
  redis: Redis;
  requestId: string;
  now: number;
}): Promise<RedeemedHandoff | null> {
  const { input, redis, requestId, now } = options;
  // Taken out at once: whoever comes second finds nothing, whatever the first one was.
  const text = await redis.getdel(key(input.code));
  const handoff = text === null ? null : handoffSchema.parse(JSON.parse(text));
  if (handoff === null || handoff.host !== input.host || handoff.state !== input.state) return null;
  const parent = await getDb().session.findUnique({
    where: { id: handoff.sessionId },
    select: {
      revokedAt: true,
      expiresAt: true,
      createdAt: true,
      user: { select: { id: true, name: true, role: true, status: true } },
    },
  });
  if (parent === null || parent.revokedAt !== null || parent.expiresAt.getTime() <= now) return null;
  if (parent.user.status === "disabled") return null;
  const sessionId = randomBytes(32).toString("base64url");
  const idHash = hashSessionId(sessionId);
  if (idHash === null) throw new Error("A new session id does not have the form of one.");
  const { host } = handoff;
  const expiresAt = sessionExpiry(parent.createdAt.getTime(), now);
  await createSession({
    idHash,
    user: parent.user,
    host,
    ip: input.ip,
    userAgent: input.userAgent,
    expiresAt: new Date(expiresAt),
    requestId,
    parentId: handoff.sessionId,
  });
  await cacheSession(redis, idHash, { userId: parent.user.id, host, expiresAt }).catch(() => undefined);
  return { sessionId, url: handoff.url };
}
