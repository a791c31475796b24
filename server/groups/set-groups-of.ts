import { invalidInput } from "#server/errors.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

/** Makes these, by name, a user's groups; part of a write on the user. */
export async function setGroupsOf(
  tx: Prisma.TransactionClient,
  userId: string,
  names: readonly string[],
): Promise<void> {
  const groups = await findGroups(tx, names);
  await tx.groupMember.deleteMany({ where: { userId, groupId: { notIn: groups.map(({ id }) => id) } } });
  await tx.groupMember.createMany({
    data: groups.map(({ id }) => ({ userId, groupId: id })),
    skipDuplicates: true,
  });
}

/** Groups by name. Throws INVALID_INPUT on the field `groups` for a name that is not one. */
export async function findGroups(
  tx: Prisma.TransactionClient,
  names: readonly string[],
): Promise<{ id: string; name: string }[]> {
  if (names.length === 0) return [];
  const rows = await tx.group.findMany({
    where: { name: { in: [...names] } },
    select: { id: true, name: true },
  });
  const unknown = names.find((name) => !rows.some((row) => row.name === name));
  if (unknown !== undefined)
    throw invalidInput(`There is no group “${unknown}”.`, [
      { path: "groups", message: `There is no group “${unknown}”. Make it first.` },
    ]);
  return rows;
}
