import { randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import type { Context } from "#server/context.ts";
import { unauthenticated } from "#server/errors.ts";
import { createSession } from "#server/session-rows/create-session.ts";
import { cacheSession, hashSessionId } from "#server/session-store.ts";
import { verifyPassword } from "#server/users/verify-password.ts";
import { runNextAuth } from "./run-next-auth.ts";
import { sessionExpiry } from "./session-policy.ts";
import { signInThrottle } from "./sign-in-throttle.ts";

type Attempt = {
  name: string;
  password: string;
  ctx: Pick<Context, "ip" | "requestId">;
  redis: Redis;
  /** next-auth's. */
  secret: string;
  host: string;
  userAgent: string;
  now: number;
};

/** Opens a session for the right name and password. Answers the Set-Cookie line. */
export async function signIn(attempt: Attempt): Promise<string> {
  const { name, password, ctx, redis, now } = attempt;
  const counted = await signInThrottle(redis).enter(name, ctx.ip);
  let user: Awaited<ReturnType<typeof verifyPassword>> = null;
  const cookie = await runNextAuth({
    secret: attempt.secret,
    authorize: async () => {
      user = await verifyPassword({ user: counted.user, password });
      return user;
    },
    openSession: async () => {
      if (!user) throw unauthenticated();
      const opaqueId = randomBytes(32).toString("base64url");
      const idHash = hashOf(opaqueId);
      const { host, userAgent } = attempt;
      const expiresAt = sessionExpiry(now, now);
      await createSession({
        idHash,
        user,
        host,
        ip: ctx.ip,
        userAgent,
        expiresAt: new Date(expiresAt),
        requestId: ctx.requestId,
      });
      // ForwardAuth finds it there whatever somebody at the same address is guessing.
      await cacheSession(redis, idHash, { userId: user.id, host, expiresAt }).catch(() => undefined);
      return opaqueId;
    },
  });
  if (cookie === null) {
    throw unauthenticated(
      "Name or password is not right, or the account is switched off. Check both, or ask your operator for a new invite.",
    );
  }
  await counted.forgive();
  return cookie;
}

function hashOf(opaqueId: string): string {
  const hash = hashSessionId(opaqueId);
  if (hash === null) throw new Error("A new session id does not have the form of one.");
  return hash;
}
