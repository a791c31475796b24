import { z } from "zod";
import { type HeldRule, INSTALLED_RULES } from "#lib/access-policy.ts";
import { type AccessPolicy, heldRuleSchema } from "#lib/schemas/access.ts";
import { getDb } from "#server/db.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

/** As stored: like the API's rules, but groups by id, so that a rename changes nothing. */
export const storedRulesSchema = z.array(heldRuleSchema.extend({ note: z.string() }));
export type StoredRules = z.infer<typeof storedRulesSchema>;

export type StoredPolicy = {
  version: number;
  rules: StoredRules;
  createdAt: Date | null;
  createdBy: string | null;
};

const INSTALLED: StoredPolicy = {
  version: 0,
  rules: INSTALLED_RULES.map((rule) => ({
    ...rule,
    roles: [...rule.roles],
    groups: [...rule.groups],
    note: "As installed: everything behind ForwardAuth is for operators.",
  })),
  createdAt: null,
  createdBy: null,
};

/** The policy in force, or an older version; null = there is no such version. */
export async function findAccessPolicy(
  tx: Prisma.TransactionClient,
  version?: number,
): Promise<StoredPolicy | null> {
  if (version === 0) return INSTALLED;
  const row = await tx.accessPolicyVersion.findFirst({
    ...(version === undefined ? {} : { where: { version } }),
    orderBy: { version: "desc" },
  });
  if (row !== null) return { ...row, rules: storedRulesSchema.parse(row.rules) };
  return version === undefined ? INSTALLED : null;
}

export async function readAccessPolicy(tx: Prisma.TransactionClient = getDb()): Promise<StoredPolicy> {
  return (await findAccessPolicy(tx)) ?? INSTALLED;
}

/** What doors hold. */
export const toHeldRules = (policy: StoredPolicy): HeldRule[] =>
  policy.rules.map(({ note: _, ...rule }) => rule);

/** Groups by name; one that is gone (it cannot go while a rule in force names it) shows its id. */
export async function toAccessPolicy(
  policy: StoredPolicy,
  tx: Prisma.TransactionClient,
): Promise<AccessPolicy> {
  const ids = [...new Set(policy.rules.flatMap((rule) => rule.groups))];
  const rows =
    ids.length === 0
      ? []
      : await tx.group.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  const names = new Map(rows.map((row) => [row.id, row.name]));
  return {
    version: policy.version,
    rules: policy.rules.map((rule) => ({ ...rule, groups: rule.groups.map((id) => names.get(id) ?? id) })),
    changedAt: policy.createdAt?.toISOString() ?? null,
    changedBy: policy.createdBy,
  };
}
