import { KEPT_ADDRESSES, mergeConnections } from "#lib/door-connections.ts";
import type { DoorConnections, UsageBatch } from "#lib/schemas/internal.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { doorNumber } from "./door-number.ts";

const DAY_MS = 86_400_000;
/** Rows a statement, as with the bytes. */
const ROWS_A_STATEMENT = 5_000;

type Row = { userId: string; door: number; day: number; at: number; connections: DoorConnections };

/** What happened at the doors, within the transaction that has claimed the batch: applied once, like its bytes. */
export async function applyConnections(tx: Prisma.TransactionClient, batch: UsageBatch): Promise<void> {
  const rows = merge(batch);
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const part = rows.slice(start, start + ROWS_A_STATEMENT);
    await addDays(tx, part);
    await addAddresses(tx, part);
  }
}

/** A row a user, door and day, in one order for all writers. */
function merge({ entries }: UsageBatch): Row[] {
  const rows = new Map<string, Row>();
  for (const { userId, door, at, connections } of entries) {
    if (!connections) continue;
    const day = Math.floor(at / DAY_MS) * DAY_MS;
    const key = `${userId} ${day} ${door}`;
    const known = rows.get(key);
    if (known) {
      known.connections = mergeConnections(known.connections, connections);
      known.at = Math.max(known.at, at);
    } else rows.set(key, { userId, door: doorNumber(door), day, at, connections });
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const isoTime = (time: number) => new Date(time).toISOString();

function addDays(tx: Prisma.TransactionClient, rows: Row[]): Promise<unknown> {
  const column = <T>(of: (row: Row) => T) => rows.map(of);
  return tx.$executeRaw`
    INSERT INTO connection_day AS c (user_id, day, door, opened, ended, duration_ms, refused, last_seen_at)
    SELECT r.* FROM unnest(
      ${column((row) => row.userId)}::uuid[],
      ${column((row) => isoTime(row.day).slice(0, 10))}::date[],
      ${column((row) => row.door)}::smallint[],
      ${column((row) => row.connections.opened)}::bigint[],
      ${column((row) => row.connections.ended)}::bigint[],
      ${column((row) => row.connections.durationMs)}::bigint[],
      ${column((row) => JSON.stringify(row.connections.refused))}::jsonb[],
      ${column((row) => isoTime(row.at))}::timestamptz[]
    ) AS r (user_id, day, door, opened, ended, duration_ms, refused, at) JOIN "user" u ON u.id = r.user_id
    ON CONFLICT (user_id, day, door) DO UPDATE SET
      opened = c.opened + EXCLUDED.opened, ended = c.ended + EXCLUDED.ended,
      duration_ms = c.duration_ms + EXCLUDED.duration_ms,
      last_seen_at = greatest(c.last_seen_at, EXCLUDED.last_seen_at),
      refused = CASE WHEN EXCLUDED.refused = '{}' THEN c.refused ELSE (
        SELECT jsonb_object_agg(reason, count) FROM (
          SELECT key AS reason, sum(value::bigint) AS count
          FROM (SELECT * FROM jsonb_each_text(c.refused) UNION ALL SELECT * FROM jsonb_each_text(EXCLUDED.refused)) AS both_
          GROUP BY key
        ) AS summed
      ) END`;
}

/** Ten stay a user and door: those seen last. */
async function addAddresses(tx: Prisma.TransactionClient, rows: Row[]): Promise<void> {
  const seen = new Map<string, { userId: string; door: number; ip: string; at: number }>();
  for (const { userId, door, connections } of rows)
    for (const [ip, at] of Object.entries(connections.addresses)) {
      const key = `${userId} ${door} ${ip}`;
      seen.set(key, { userId, door, ip, at: Math.max(at, seen.get(key)?.at ?? 0) });
    }
  if (seen.size === 0) return;
  const all = [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, address]) => address);
  await tx.$executeRaw`
    INSERT INTO connection_address AS c (user_id, door, ip, last_seen_at)
    SELECT r.* FROM unnest(
      ${all.map(({ userId }) => userId)}::uuid[],
      ${all.map(({ door }) => door)}::smallint[],
      ${all.map(({ ip }) => ip)}::varchar[],
      ${all.map(({ at }) => isoTime(at))}::timestamptz[]
    ) AS r (user_id, door, ip, at) JOIN "user" u ON u.id = r.user_id
    ON CONFLICT (user_id, door, ip)
    DO UPDATE SET last_seen_at = greatest(c.last_seen_at, EXCLUDED.last_seen_at)`;
  await tx.$executeRaw`
    DELETE FROM connection_address c USING (
      SELECT user_id, door, ip, row_number() OVER (PARTITION BY user_id, door ORDER BY last_seen_at DESC, ip) AS place
      FROM connection_address WHERE user_id = ANY(${[...new Set(all.map(({ userId }) => userId))]}::uuid[])
    ) AS ranked
    WHERE ranked.place > ${KEPT_ADDRESSES} AND c.user_id = ranked.user_id AND c.door = ranked.door AND c.ip = ranked.ip`;
}
