import type { z } from "zod";
import { METERED_DOORS } from "#lib/doors.ts";
import { type Usage, usageQuerySchema } from "#lib/schemas/usage.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { invalidInput } from "#server/errors.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { getReadableRow, type UserRow } from "#server/users/user-row.ts";
import { doorNumber } from "./door-number.ts";

const HOUR_MS = 3_600_000;
/** Finest first, with how far back each is complete (maintain-partitions.ts drops what is older). */
const WIDTHS = [
  { table: "usage_5m", stepMs: 5 * 60_000, keptMs: 48 * HOUR_MS },
  { table: "usage_1h", stepMs: HOUR_MS, keptMs: 90 * 24 * HOUR_MS },
  { table: "usage_1d", stepMs: 24 * HOUR_MS, keptMs: Number.POSITIVE_INFINITY },
] as const;

type Doors = Usage["doors"];

/**
 * Bytes by door. Without a range: since the last reset, exact. With one: whole buckets, so `from` and `to` of the
 * answer are the bounds actually counted (5 minutes apart, an hour or a day, by age).
 */
export async function getUsage({
  ctx,
  ref,
  query: input = {},
  now = Date.now(),
}: {
  ctx: Context;
  ref: string;
  query?: z.input<typeof usageQuerySchema>;
  now?: number;
}): Promise<Usage> {
  const query = usageQuerySchema.parse(input);
  const row = await getReadableRow(ctx, ref);
  const resetAt = row.usage?.resetAt ?? row.createdAt;
  if (query.from === undefined && query.to === undefined)
    return answer(row, resetAt.getTime(), now, runningTotal(row.usage));
  const from = query.from === undefined ? resetAt.getTime() : Date.parse(query.from);
  const to = query.to === undefined ? now : Math.min(Date.parse(query.to), now);
  if (from >= to)
    throw invalidInput("The range is empty.", [
      { path: "from", message: "Choose a start before the end, in the past." },
    ]);
  const width = WIDTHS.find(({ keptMs }) => now - from <= keptMs) ?? WIDTHS[2];
  const start = Math.floor(from / width.stepMs) * width.stepMs;
  const end = Math.min(Math.ceil(to / width.stepMs) * width.stepMs, Math.max(now, to));
  return answer(row, start, end, await sumBuckets(row.id, width.table, start, end));
}

function answer(row: UserRow, from: number, to: number, doors: Doors): Usage {
  return {
    user: row.name,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    doors,
    totalBytes: Object.values(doors).reduce((sum, door) => sum + door.upBytes + door.downBytes, 0),
  };
}

function runningTotal(usage: UserRow["usage"]): Doors {
  const pair = (up: bigint | undefined, down: bigint | undefined) => ({
    upBytes: Number(up ?? 0n),
    downBytes: Number(down ?? 0n),
  });
  return {
    vpn: pair(usage?.vpnUp, usage?.vpnDown),
    http: pair(usage?.httpUp, usage?.httpDown),
    socks: pair(usage?.socksUp, usage?.socksDown),
  };
}

async function sumBuckets(userId: string, table: string, from: number, to: number): Promise<Doors> {
  const rows = await getDb().$queryRaw<{ door: number; up: bigint; down: bigint }[]>`
    SELECT door, sum(up_bytes)::bigint AS up, sum(down_bytes)::bigint AS down FROM ${Prisma.raw(table)}
    WHERE user_id = ${userId}::uuid AND bucket >= ${new Date(from)} AND bucket < ${new Date(to)} GROUP BY door`;
  const entries = METERED_DOORS.map((door) => {
    const row = rows.find((candidate) => candidate.door === doorNumber(door));
    return [door, { upBytes: Number(row?.up ?? 0n), downBytes: Number(row?.down ?? 0n) }] as const;
  });
  return Object.fromEntries(entries) as Doors;
}
