import type { ReplicaAccess, ReplicaGroup } from "#lib/schemas/internal.ts";
import { readAccessPolicy, toHeldRules } from "#server/access/access-policy-row.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { parseDestinations } from "#server/groups/group-row.ts";

/** Groups as proxy-auth holds them; `ids` left out = all. */
export async function readReplicaGroups(
  tx: Prisma.TransactionClient,
  ids?: readonly string[],
): Promise<ReplicaGroup[]> {
  if (ids?.length === 0) return [];
  const rows = await tx.group.findMany({
    ...(ids === undefined ? {} : { where: { id: { in: [...ids] } } }),
    select: { id: true, name: true, destinations: true },
    orderBy: { name: "asc" },
  });
  return rows.map((row) => ({ ...row, destinations: parseDestinations(row.destinations) }));
}

export async function readReplicaAccess(tx: Prisma.TransactionClient): Promise<ReplicaAccess> {
  const policy = await readAccessPolicy(tx);
  const rules = toHeldRules(policy).map((rule) => ({
    ...rule,
    roles: [...rule.roles],
    groups: [...rule.groups],
  }));
  return { version: policy.version, rules };
}
