import { getDb } from "#server/db.ts";

/** Where a user was last let in from, at all doors. */
export async function listClientAddresses({ userId }: { userId: string }): Promise<string[]> {
  const rows = await getDb().connectionAddress.findMany({ where: { userId }, select: { ip: true } });
  return [...new Set(rows.map(({ ip }) => ip))];
}
