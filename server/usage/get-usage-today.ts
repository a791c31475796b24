import type { Status } from "#lib/schemas/status.ts";
import { getDb } from "#server/db.ts";

type Row = { door: number; up: bigint; down: bigint };

/** Bytes of all users by door since midnight UTC, from the daily totals. */
export async function getUsageToday(): Promise<Status["today"]> {
  const rows = await getDb().$queryRaw<Row[]>`
    SELECT door, sum(up_bytes)::bigint AS up, sum(down_bytes)::bigint AS down FROM usage_total_1d
    WHERE bucket = date_trunc('day', now(), 'UTC') GROUP BY door`;
  const of = (door: number) => {
    const row = rows.find((candidate) => candidate.door === door);
    return { upBytes: Number(row?.up ?? 0n), downBytes: Number(row?.down ?? 0n) };
  };
  return { vpn: of(1), http: of(2), socks: of(3) };
}
