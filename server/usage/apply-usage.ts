import type { UsageBatch, UsageTotals } from "#lib/schemas/internal.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import { getDb } from "#server/db.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { applyConnections } from "./apply-connections.ts";
import { doorNumber, NO_NODE } from "./door-number.ts";

const BUCKET_MS = 5 * 60_000;
/** Rows a statement: 50 000 at once would hold the event loop for half a second. */
const ROWS_A_STATEMENT = 5_000;
/** 20 000 users with connections took 12 s on a busy machine; a batch that never fits would hold all others up. */
const TIMEOUT_MS = 60_000;

type TotalRow = { userId: string; usedBytes: bigint };

/**
 * Applies one journal batch exactly once by (source, boot, seq): buckets, running totals and, where a limit is
 * crossed, the status. A repeated batch changes nothing and answers the same totals.
 * `nodeId` says which node carried the bytes; left out for the proxies.
 */
export async function applyUsage({
  batch,
  nodeId = NO_NODE,
}: {
  batch: UsageBatch;
  nodeId?: string;
}): Promise<UsageTotals> {
  const userIds = [...new Set(batch.entries.map((entry) => entry.userId))].sort();
  const { totals, revision } = await getDb().$transaction(
    async (tx) => {
      const isNew = await claimSequence(tx, batch);
      if (!isNew) return { totals: await readTotals(tx, userIds), revision: null };
      // Rows are locked in one order, so that two batches of the same users cannot wait for each other.
      await tx.$executeRaw`SELECT 1 FROM user_usage WHERE user_id = ANY(${userIds}::uuid[]) ORDER BY user_id FOR UPDATE`;
      const totals = new Map<string, TotalRow>();
      const rows = merge(batch);
      for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT)
        for (const row of await addUsage(tx, rows.slice(start, start + ROWS_A_STATEMENT), nodeId))
          totals.set(row.userId, row);
      await applyConnections(tx, batch);
      const limited = await limitUsers(tx, userIds);
      return {
        totals: [...totals.values()],
        revision: limited.length === 0 ? null : await recordChange(tx, "user", limited),
      };
    },
    { timeout: TIMEOUT_MS },
  );
  if (revision !== null) await publishRevision(revision);
  return {
    lastSeq: batch.seq,
    totals: totals.map((row) => ({ userId: row.userId, usedBytes: Number(row.usedBytes) })),
  };
}

async function claimSequence(tx: Prisma.TransactionClient, batch: UsageBatch): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    INSERT INTO usage_source AS s (source, boot, last_seq) VALUES (${batch.source}, ${batch.boot}::uuid, ${batch.seq})
    ON CONFLICT (source, boot) DO UPDATE SET last_seq = EXCLUDED.last_seq WHERE s.last_seq < EXCLUDED.last_seq
    RETURNING 1`;
  return rows.length === 1;
}

const readTotals = (tx: Prisma.TransactionClient, userIds: string[]): Promise<TotalRow[]> => tx.$queryRaw<
  TotalRow[]
>`
  SELECT user_id AS "userId", vpn_up + vpn_down + http_up + http_down + socks_up + socks_down AS "usedBytes"
  FROM user_usage WHERE user_id = ANY(${userIds}::uuid[])`;

type Merged = { userId: string; door: number; bucket: number; at: number; up: bigint; down: bigint };

/** One row a user, door and 5 minutes: what a door reports in many small entries is written once. */
function merge(batch: UsageBatch): Merged[] {
  const rows = new Map<string, Merged>();
  for (const { userId, door, at, upBytes, downBytes } of batch.entries) {
    if (upBytes === 0 && downBytes === 0) continue;
    const bucket = Math.floor(at / BUCKET_MS) * BUCKET_MS;
    const key = `${userId} ${door} ${bucket}`;
    const row = rows.get(key) ?? { userId, door: doorNumber(door), bucket, at, up: 0n, down: 0n };
    row.up += BigInt(upBytes);
    row.down += BigInt(downBytes);
    row.at = Math.max(row.at, at);
    rows.set(key, row);
  }
  return [...rows.values()];
}

const isoTimes = (times: number[]) => times.map((time) => new Date(time).toISOString());

/**
 * Buckets of every width and the running totals in one statement, so that no roll-up job can fall behind or count
 * twice. Entries of users that are gone are dropped by the join.
 */
function addUsage(tx: Prisma.TransactionClient, rows: Merged[], nodeId: string): Promise<TotalRow[]> {
  const intoBuckets = (table: string, bucket: Prisma.Sql) => Prisma.sql`
    INSERT INTO ${Prisma.raw(table)} AS b (bucket, user_id, node_id, door, up_bytes, down_bytes)
    SELECT ${bucket}, user_id, ${nodeId}::uuid, door, sum(up), sum(down) FROM i GROUP BY 1, 2, 4 ORDER BY 2, 1, 4
    ON CONFLICT (user_id, bucket, node_id, door)
    DO UPDATE SET up_bytes = b.up_bytes + EXCLUDED.up_bytes, down_bytes = b.down_bytes + EXCLUDED.down_bytes`;
  const intoTotals = (table: string, bucket: Prisma.Sql) => Prisma.sql`
    INSERT INTO ${Prisma.raw(table)} AS b (bucket, node_id, door, up_bytes, down_bytes)
    SELECT ${bucket}, ${nodeId}::uuid, door, sum(up), sum(down) FROM i GROUP BY 1, 3 ORDER BY 1, 3
    ON CONFLICT (bucket, node_id, door)
    DO UPDATE SET up_bytes = b.up_bytes + EXCLUDED.up_bytes, down_bytes = b.down_bytes + EXCLUDED.down_bytes`;
  return tx.$queryRaw<TotalRow[]>`
    WITH i AS MATERIALIZED (
      SELECT r.* FROM unnest(
        ${rows.map((row) => row.userId)}::uuid[],
        ${rows.map((row) => row.door)}::smallint[],
        ${isoTimes(rows.map((row) => row.bucket))}::timestamptz[],
        ${isoTimes(rows.map((row) => row.at))}::timestamptz[],
        ${rows.map((row) => row.up)}::bigint[],
        ${rows.map((row) => row.down)}::bigint[]
      ) AS r (user_id, door, bucket, at, up, down) JOIN "user" u ON u.id = r.user_id
    ),
    five AS (${intoBuckets("usage_5m", Prisma.sql`bucket`)}),
    hour AS (${intoBuckets("usage_1h", Prisma.sql`date_trunc('hour', bucket, 'UTC')`)}),
    day AS (${intoBuckets("usage_1d", Prisma.sql`date_trunc('day', bucket, 'UTC')`)}),
    total_five AS (${intoTotals("usage_total_5m", Prisma.sql`bucket`)}),
    total_hour AS (${intoTotals("usage_total_1h", Prisma.sql`date_trunc('hour', bucket, 'UTC')`)}),
    total_day AS (${intoTotals("usage_total_1d", Prisma.sql`date_trunc('day', bucket, 'UTC')`)}),
    delta AS (
      SELECT user_id, max(at) AS at,
        sum(up) FILTER (WHERE door = 1) AS vpn_up, sum(down) FILTER (WHERE door = 1) AS vpn_down,
        sum(up) FILTER (WHERE door = 2) AS http_up, sum(down) FILTER (WHERE door = 2) AS http_down,
        sum(up) FILTER (WHERE door = 3) AS socks_up, sum(down) FILTER (WHERE door = 3) AS socks_down
      FROM i GROUP BY user_id
    )
    UPDATE user_usage t SET
      vpn_up = t.vpn_up + coalesce(d.vpn_up, 0), vpn_down = t.vpn_down + coalesce(d.vpn_down, 0),
      http_up = t.http_up + coalesce(d.http_up, 0), http_down = t.http_down + coalesce(d.http_down, 0),
      socks_up = t.socks_up + coalesce(d.socks_up, 0), socks_down = t.socks_down + coalesce(d.socks_down, 0),
      online_at = greatest(t.online_at, least(d.at, now()))
    FROM delta d WHERE d.user_id = t.user_id
    RETURNING t.user_id AS "userId",
      t.vpn_up + t.vpn_down + t.http_up + t.http_down + t.socks_up + t.socks_down AS "usedBytes"`;
}

/** Active users of the batch who have reached their limit; answers their ids. */
async function limitUsers(tx: Prisma.TransactionClient, userIds: string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE "user" u SET status = 'limited', updated_at = now()
    FROM user_usage t
    WHERE u.id = ANY(${userIds}::uuid[]) AND t.user_id = u.id AND u.status = 'active' AND u.limit_bytes IS NOT NULL
      AND t.vpn_up + t.vpn_down + t.http_up + t.http_down + t.socks_up + t.socks_down >= u.limit_bytes
    RETURNING u.id`;
  return rows.map((row) => row.id);
}
