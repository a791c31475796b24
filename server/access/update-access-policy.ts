import type { z } from "zod";
import { type AccessPolicy, updateAccessPolicyInputSchema } from "#lib/schemas/access.ts";
import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { conflict, forbidden, invalidInput } from "#server/errors.ts";
import { isUniqueViolation } from "#server/users/is-unique-violation.ts";
import { readAccessPolicy, type StoredRules, toAccessPolicy } from "./access-policy-row.ts";

/** Puts a whole list of rules in force as the next version. Throws CONFLICT when another was put there meanwhile. */
export async function updateAccessPolicy({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof updateAccessPolicyInputSchema>;
}): Promise<AccessPolicy> {
  if (ctx.actor.role === "user") throw forbidden();
  const { version, rules } = updateAccessPolicyInputSchema.parse(input);
  const stale = conflict(
    "Somebody else changed the access rules meanwhile. Load them again, then repeat the change.",
  );
  try {
    const { policy, revision } = await getDb().$transaction(async (tx) => {
      const before = await readAccessPolicy(tx);
      if (before.version !== version) throw stale;
      const groups = await tx.group.findMany({ select: { id: true, name: true } });
      const ids = new Map(groups.map((group) => [group.name, group.id]));
      const stored: StoredRules = rules.map((rule, index) => ({
        ...rule,
        groups: rule.groups.map((name) => ids.get(name) ?? unknownGroup(name, index)),
      }));
      const named = [...new Set(stored.flatMap((rule) => rule.groups))];
      await tx.$executeRaw`SELECT 1 FROM "group" WHERE id = ANY(${named}::uuid[]) FOR SHARE`;
      const row = await tx.accessPolicyVersion.create({
        data: { version: version + 1, rules: stored, createdBy: ctx.actor.name },
      });
      await recordAudit(tx, {
        ctx,
        action: "access.update",
        targetKind: "access",
        targetId: String(row.version),
        targetName: `access rules, version ${row.version}`,
        details: { rules: rules.length, before: before.rules.length },
      });
      const policy = await toAccessPolicy({ ...row, rules: stored }, tx);
      return { policy, revision: await recordChange(tx, "access", []) };
    });
    await publishRevision(revision);
    return policy;
  } catch (error) {
    if (isUniqueViolation(error)) throw stale;
    throw error;
  }
}

function unknownGroup(name: string, index: number): never {
  throw invalidInput(`There is no group “${name}” (rule ${index + 1}).`, [
    { path: `rules.${index}.groups`, message: `There is no group “${name}”. Make it first.` },
  ]);
}
