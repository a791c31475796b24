import { getDb } from "#server/db.ts";

const DAY_MS = 86_400_000;

/** Days and client addresses that are older than the operator wants them kept. */
export async function pruneConnectionHistory(options: { now: Date; keepDays: number }): Promise<void> {
  const before = new Date(options.now.getTime() - options.keepDays * DAY_MS);
  const db = getDb();
  await db.connectionDay.deleteMany({ where: { day: { lt: before } } });
  await db.connectionAddress.deleteMany({ where: { lastSeenAt: { lt: before } } });
}
