import type { Actor, Context } from "#server/context.ts";
import { forbidden } from "#server/errors.ts";

/**
 * `public`: no session. `self`: whoever is signed in, for what is theirs. The others are for owner and admin;
 * with `+self` also for the user whom `:ref` names (me, own id or own name).
 */
export const PERMISSIONS = [
  "public",
  "self",
  "users:read",
  "users:read+self",
  "users:write",
  "users:write+self",
  "nodes:read",
  "nodes:write",
  "status:read",
  "audit:read",
  "logs:read",
  "jobs:write",
  "access:read",
  "access:write",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** The first gate; the verb decides again on the object itself. */
export function authorizeRoute(permission: Permission, ctx: Context, ref: string | undefined): void {
  if (permission === "public" || permission === "self") return;
  const { actor } = ctx;
  if (actor.role === "owner" || actor.role === "admin") return;
  if (permission.endsWith("+self") && ref !== undefined && isOwnRef(actor, ref)) return;
  throw forbidden();
}

/** read: GET only; write: everything; forward-auth: nothing of the API. */
export function authorizeScopes(actor: Actor, method: string): void {
  if (actor.kind !== "token" || actor.scopes.includes("write")) return;
  if (method === "get" && actor.scopes.includes("read")) return;
  throw forbidden(
    method === "get"
      ? "This API token has no scope for the API. Make one with the scope read or write."
      : "This API token may only read. Make one with the scope write.",
  );
}

function isOwnRef(actor: Actor, ref: string): boolean {
  if (actor.kind !== "user" && actor.kind !== "token") return false;
  return ref === "me" || ref === actor.id || ref === actor.name;
}

/** The account behind the actor; local-cli and jobs have none. */
export function ownUserId(ctx: Context): string {
  const { actor } = ctx;
  if (actor.kind === "user" || actor.kind === "token") return actor.id;
  throw forbidden(`${actor.name} has no account of its own. Name a user instead of “me”.`);
}
