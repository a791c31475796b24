import { METERED_DOORS } from "#lib/doors.ts";
import type { UsageRange, UsageSeries } from "#lib/schemas/usage.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { getReadableRow } from "#server/users/user-row.ts";
import { doorNumber } from "./door-number.ts";

const RANGES = {
  "24h": { table: "usage_5m", stepSeconds: 300, points: 288 },
  "7d": { table: "usage_1h", stepSeconds: 3_600, points: 168 },
  "30d": { table: "usage_1d", stepSeconds: 86_400, points: 30 },
  "90d": { table: "usage_1d", stepSeconds: 86_400, points: 90 },
} as const satisfies Record<UsageRange, { table: string; stepSeconds: number; points: number }>;

/** Buckets up to the current one, without gaps. */
export async function getUsageSeries({
  ctx,
  ref,
  range,
  now = Date.now(),
}: {
  ctx: Context;
  ref: string;
  range: UsageRange;
  now?: number;
}): Promise<UsageSeries> {
  const user = await getReadableRow(ctx, ref);
  const { table, stepSeconds, points } = RANGES[range];
  const stepMs = stepSeconds * 1_000;
  const first = Math.floor(now / stepMs) * stepMs - (points - 1) * stepMs;
  const rows = await getDb().$queryRaw<{ bucket: Date; door: number; bytes: bigint }[]>`
    SELECT bucket, door, sum(up_bytes + down_bytes)::bigint AS bytes FROM ${Prisma.raw(table)}
    WHERE user_id = ${user.id}::uuid AND bucket >= ${new Date(first)} GROUP BY bucket, door`;
  const bytes = new Map(rows.map((row) => [`${row.bucket.getTime()} ${row.door}`, Number(row.bytes)]));
  return {
    stepSeconds,
    points: Array.from({ length: points }, (_, index) => {
      const at = first + index * stepMs;
      const [vpn = 0, http = 0, socks = 0] = METERED_DOORS.map(
        (door) => bytes.get(`${at} ${doorNumber(door)}`) ?? 0,
      );
      return { at: new Date(at).toISOString(), vpn, http, socks };
    }),
  };
}
