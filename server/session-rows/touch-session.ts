import { getDb } from "#server/db.ts";

/** Renews a live session. The condition is in the UPDATE: a revoked or expired one is never revived. */
export async function touchSession({
  id,
  seenAt,
  expiresAt,
}: {
  id: string;
  seenAt: Date;
  expiresAt: Date;
}): Promise<boolean> {
  const { count } = await getDb().session.updateMany({
    where: { id, revokedAt: null, expiresAt: { gt: seenAt } },
    data: { lastSeenAt: seenAt, expiresAt },
  });
  return count === 1;
}
