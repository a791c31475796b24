import { getDb } from "#server/db.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

/** The newest revision; 0 before the first change. */
export async function readRevision(tx: Prisma.TransactionClient = getDb()): Promise<number> {
  const newest = await tx.change.findFirst({ orderBy: { id: "desc" }, select: { id: true } });
  return Number(newest?.id ?? 0n);
}
