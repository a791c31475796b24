import { getDb } from "#server/db.ts";
import { Prisma } from "#server/generated/prisma/client.ts";

const DAY_MS = 86_400_000;
const startOfDay = (at: Date) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
const startOfMonth = (at: Date, offset = 0) =>
  new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset, 1));

/** One partition: rows with from ≤ bucket < to. */
type Partition = { name: string; from: Date; to: Date };
type Plan = { table: string; ahead: (now: Date) => Partition[]; keepFrom: (now: Date) => Date };

const named = (table: string, from: Date, to: Date): Partition => ({
  name: `${table}_${from.toISOString().slice(0, 10).replaceAll("-", "")}`,
  from,
  to,
});
const days = (table: string) => (now: Date) =>
  [0, 1, 2].map((offset) => {
    const from = new Date(startOfDay(now).getTime() + offset * DAY_MS);
    return named(table, from, new Date(from.getTime() + DAY_MS));
  });
const months = (table: string) => (now: Date) =>
  [0, 1].map((offset) => named(table, startOfMonth(now, offset), startOfMonth(now, offset + 1)));

/** 5-minute buckets are kept 48 h, hourly 90 days, daily 2 years (DESIGN "Data"). */
const PLANS: Plan[] = [
  { table: "usage_5m", ahead: days("usage_5m"), keepFrom: (now) => new Date(now.getTime() - 2 * DAY_MS) },
  { table: "usage_1h", ahead: months("usage_1h"), keepFrom: (now) => new Date(now.getTime() - 90 * DAY_MS) },
  { table: "usage_1d", ahead: months("usage_1d"), keepFrom: (now) => new Date(now.getTime() - 731 * DAY_MS) },
];

/** Creates partitions ahead (moving rows that had to go to the default partition) and drops old ones. */
export async function maintainPartitions({
  now = new Date(),
}: {
  now?: Date;
} = {}): Promise<{ created: string[]; dropped: string[] }> {
  const created: string[] = [];
  const dropped: string[] = [];
  for (const plan of PLANS) {
    const existing = await listPartitions(plan.table);
    for (const partition of plan.ahead(now)) {
      if (existing.some((row) => row.name === partition.name)) continue;
      if (await createPartition(plan.table, partition)) created.push(partition.name);
    }
    for (const row of existing) {
      if (row.to === null || row.to > plan.keepFrom(now)) continue;
      await getDb().$executeRaw`DROP TABLE IF EXISTS ${Prisma.raw(`"${row.name}"`)}`;
      dropped.push(row.name);
    }
    const fallback = Prisma.raw(`"${plan.table}_default"`);
    await getDb().$executeRaw`DELETE FROM ${fallback} WHERE bucket < ${plan.keepFrom(now)}`;
  }
  await dropOldTotals(now);
  return { created, dropped };
}

/** A few rows a bucket: not worth partitions. */
async function dropOldTotals(now: Date): Promise<void> {
  for (const { table, keepFrom } of PLANS)
    await getDb()
      .$executeRaw`DELETE FROM ${Prisma.raw(table.replace("usage_", "usage_total_"))} WHERE bucket < ${keepFrom(now)}`;
}

async function listPartitions(table: string): Promise<{ name: string; to: Date | null }[]> {
  const rows = await getDb().$queryRaw<{ name: string; bound: string }[]>`
    SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = ${table}::regclass`;
  return rows.map((row) => {
    const upper = /TO \('([^']+)'\)/.exec(row.bound)?.[1];
    return { name: row.name, to: upper === undefined ? null : new Date(upper) };
  });
}

/**
 * A partition may not overlap rows in the default one, so those move within the same transaction. Writers wait
 * meanwhile, so it gives up soon when a long reader (a backup) is in the way: the next round tries again.
 */
async function createPartition(table: string, { name, from, to }: Partition): Promise<boolean> {
  const parent = Prisma.raw(`"${table}"`);
  const fallback = Prisma.raw(`"${table}_default"`);
  const child = Prisma.raw(`"${name}"`);
  const bounds = Prisma.raw(`FROM ('${from.toISOString()}') TO ('${to.toISOString()}')`);
  return getDb().$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL lock_timeout = '3s'`;
    await tx.$executeRaw`LOCK TABLE ${parent} IN ACCESS EXCLUSIVE MODE`;
    const [existing] = await tx.$queryRaw<
      { is_there: boolean }[]
    >`SELECT to_regclass(${name}) IS NOT NULL AS is_there`;
    if (existing?.is_there) return false;
    await tx.$executeRaw`CREATE TABLE ${child} (LIKE ${parent} INCLUDING ALL)`;
    await tx.$executeRaw`
      WITH moved AS (DELETE FROM ${fallback} WHERE bucket >= ${from} AND bucket < ${to} RETURNING *)
      INSERT INTO ${child} SELECT * FROM moved`;
    await tx.$executeRaw`ALTER TABLE ${parent} ATTACH PARTITION ${child} FOR VALUES ${bounds}`;
    return true;
  });
}
