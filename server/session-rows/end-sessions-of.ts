import type { Prisma } from "#server/generated/prisma/client.ts";

/** Revokes a user's live sessions inside a write's transaction; answers their hashes (hex), for its change row. */
export async function endSessionsOf(
  tx: Prisma.TransactionClient,
  userId: string,
  options: { exceptId?: string } = {},
): Promise<string[]> {
  const rows = await tx.session.updateManyAndReturn({
    where: {
      userId,
      revokedAt: null,
      ...(options.exceptId === undefined ? {} : { id: { not: options.exceptId } }),
    },
    data: { revokedAt: new Date() },
    select: { idHash: true },
  });
  return rows.map((row) => Buffer.from(row.idHash).toString("hex"));
}
