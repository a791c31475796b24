import type { AccessPolicy } from "#lib/schemas/access.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, notFound } from "#server/errors.ts";
import { findAccessPolicy, toAccessPolicy } from "./access-policy-row.ts";

/** The rules in force, or those of an older version (0 = as installed). */
export async function getAccessPolicy({
  ctx,
  version,
}: {
  ctx: Context;
  version?: number;
}): Promise<AccessPolicy> {
  if (ctx.actor.role === "user") throw forbidden();
  const policy = await findAccessPolicy(getDb(), version);
  if (policy === null) throw notFound("version of the access rules", String(version));
  return toAccessPolicy(policy, getDb());
}
