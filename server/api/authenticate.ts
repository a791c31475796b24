import type { Actor } from "#server/context.ts";
import { sha256 } from "#server/crypto.ts";
import { unauthenticated } from "#server/errors.ts";
import { readCookie } from "#server/sessions/read-cookie.ts";
import { resolveSession } from "#server/sessions/resolve-session.ts";
import { verifyToken } from "#server/tokens/verify-token.ts";
import type { WebRuntime } from "./web-runtime.ts";

export type Authentication = { via: "bearer" | "cookie" | "none"; actor: Actor };

const BEARER = /^Bearer +(cwy_[A-Za-z0-9_-]{43}) *$/i;

/** A bearer token goes before the cookie. Never Basic: a browser would send it by itself. */
export async function authenticate(
  request: Request,
  { runtime }: { runtime: WebRuntime },
): Promise<Authentication> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return { via: "bearer", actor: await actorOfToken(authorization) };
  const value = readCookie(request.headers);
  if (value === null) throw unauthenticated();
  const actor = await resolveSession({
    value,
    host: new URL(runtime.env.PANEL_URL).host,
    now: runtime.clock.now(),
  });
  if (actor === null) throw unauthenticated("Your session has ended. Sign in again.");
  return { via: "cookie", actor };
}

async function actorOfToken(authorization: string): Promise<Actor> {
  const token = BEARER.exec(authorization)?.[1];
  const found = token === undefined ? null : await verifyToken({ tokenHash: sha256(token) });
  if (found === null || found.user?.isDisabled) {
    throw unauthenticated("This is no API token that works here. Make a new one in the panel.");
  }
  const { user, tokenId, scopes } = found;
  if (user === null) return { kind: "cli", name: "local-cli", role: "admin" };
  return { kind: "token", id: user.id, name: user.name, role: user.role, tokenId, scopes };
}
