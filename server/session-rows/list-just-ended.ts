import { getDb } from "#server/db.ts";

/** Hashes (hex) of sessions revoked after a moment: what a cache may still hold. */
export async function listJustEnded({ after }: { after: Date }): Promise<string[]> {
  const rows = await getDb().session.findMany({
    where: { revokedAt: { gt: after } },
    select: { idHash: true },
    take: 10_000,
  });
  return rows.map((row) => Buffer.from(row.idHash).toString("hex"));
}
