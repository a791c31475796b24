import { randomUUID } from "node:crypto";
import { isIP } from "node:net";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import type { Context } from "#server/context.ts";
import { SESSION_COOKIE } from "#server/session-store.ts";
import { getInstallation } from "#server/users/installation.ts";
import { resolveSession, type SessionActor } from "./resolve-session.ts";

type CurrentSession = { actor: SessionActor; ctx: Context };

/** For Server Components: who is signed in, read once a request; null = nobody. */
export const getSessionFromCookies = cache(async (): Promise<CurrentSession | null> => {
  const value = (await cookies()).get(SESSION_COOKIE)?.value;
  if (value === undefined) return null;
  const actor = await resolveSession({
    value,
    host: new URL(getInstallation().panelUrl).host,
    now: Date.now(),
  });
  if (actor === null) return null;
  const lastHop = (await headers()).get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return {
    actor,
    ctx: {
      actor,
      requestId: randomUUID(),
      ip: lastHop !== undefined && isIP(lastHop) !== 0 ? lastHop : null,
    },
  };
});
