import type { z } from "zod";
import type { accessPolicyVersionsSchema } from "#lib/schemas/access.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden } from "#server/errors.ts";

const SHOWN = 100;

/** The newest versions first, without their rules. */
export async function listAccessPolicyVersions({
  ctx,
}: {
  ctx: Context;
}): Promise<z.infer<typeof accessPolicyVersionsSchema>> {
  if (ctx.actor.role === "user") throw forbidden();
  const rows = await getDb().$queryRaw<
    { version: number; rules: number; createdAt: Date; createdBy: string }[]
  >`
    SELECT version, jsonb_array_length(rules) AS rules, created_at AS "createdAt", created_by AS "createdBy"
    FROM access_policy_version ORDER BY version DESC LIMIT ${SHOWN}`;
  return {
    items: rows.map(({ version, rules, createdAt, createdBy }) => ({
      version,
      rules,
      changedAt: createdAt.toISOString(),
      changedBy: createdBy,
    })),
  };
}
