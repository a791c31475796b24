import { getDb } from "#server/db.ts";

const DAY_MS = 86_400_000;
/** A consumer away for longer takes a snapshot. */
const KEEP_CHANGES_MS = 7 * DAY_MS;
/** Ended sign-ins and invites stay readable for a while, for whoever asks what happened. */
const KEEP_ENDED_MS = 30 * DAY_MS;

/** Deletes what nobody will ask for again. */
export async function pruneRecords({ now }: { now: Date }): Promise<void> {
  const db = getDb();
  const ended = new Date(now.getTime() - KEEP_ENDED_MS);
  const newest = await db.change.findFirst({ orderBy: { id: "desc" }, select: { id: true } });
  if (newest !== null) {
    // The newest row stays: it is what a consumer that is up to date finds itself by.
    await db.change.deleteMany({
      where: { id: { lt: newest.id }, createdAt: { lt: new Date(now.getTime() - KEEP_CHANGES_MS) } },
    });
  }
  await db.session.deleteMany({
    where: { OR: [{ expiresAt: { lt: ended } }, { revokedAt: { lt: ended } }] },
  });
  await db.invite.deleteMany({ where: { OR: [{ expiresAt: { lt: ended } }, { usedAt: { lt: ended } }] } });
  await db.apiToken.deleteMany({
    where: { OR: [{ expiresAt: { lt: ended } }, { revokedAt: { lt: ended } }] },
  });
}
