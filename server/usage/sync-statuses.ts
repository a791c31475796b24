import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import { getDb } from "#server/db.ts";

/**
 * Writes the status of users whose time is up (the doors have acted by then: they hold `expiresAt`).
 * Limits are written by applyUsage, and every edit derives the status anew. Answers how many changed.
 */
export async function syncStatuses(): Promise<{ changed: number }> {
  const result = await getDb().$transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      UPDATE "user" SET status = 'expired', updated_at = now()
      WHERE status IN ('active', 'limited') AND expires_at <= now() RETURNING id`;
    if (rows.length === 0) return null;
    const ids = rows.map((row) => row.id);
    return { changed: ids.length, revision: await recordChange(tx, "user", ids) };
  });
  if (result === null) return { changed: 0 };
  await publishRevision(result.revision);
  return { changed: result.changed };
}

/** The next moment at which syncStatuses has something to do; null = no user expires. */
export async function findNextExpiry(): Promise<Date | null> {
  const next = await getDb().user.findFirst({
    where: { status: { in: ["active", "limited"] }, expiresAt: { not: null } },
    orderBy: { expiresAt: "asc" },
    select: { expiresAt: true },
  });
  return next?.expiresAt ?? null;
}
