import type { Chart } from "#lib/schemas/chart.ts";
import { getDb } from "#server/db.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import type { UsageWindow } from "./usage-window.ts";

/** `key` is an SQL expression over the table's alias `b`; `keys` are there even without a byte. */
export async function readUsageLines(input: {
  from: Prisma.Sql;
  where: Prisma.Sql;
  key: Prisma.Sql;
  keys: readonly string[];
  window: UsageWindow;
  withBefore: boolean;
}): Promise<Chart["lines"]> {
  const { window, withBefore } = input;
  const { fromMs, stepMs, points } = window;
  const start = withBefore ? fromMs - points * stepMs : fromMs;
  const end = fromMs + points * stepMs;
  const rows = await getDb().$queryRaw<{ at: number; key: string; bytes: bigint }[]>`
    SELECT extract(epoch FROM date_bin(make_interval(secs => ${stepMs / 1_000}), b.bucket, 'epoch'::timestamptz))::float8 AS at,
      ${input.key} AS key, sum(b.up_bytes + b.down_bytes)::bigint AS bytes
    FROM ${input.from} WHERE ${input.where} AND b.bucket >= ${new Date(start)} AND b.bucket < ${new Date(end)}
    GROUP BY 1, 2`;
  const bytes = new Map(rows.map((row) => [`${row.key} ${row.at * 1_000}`, Number(row.bytes)]));
  const column = (key: string, columnFrom: number) =>
    Array.from({ length: points }, (_, index) => {
      const at = columnFrom + index * stepMs;
      return bytes.get(`${key} ${at}`) ?? (at + stepMs <= window.keptFromMs ? null : 0);
    });
  const keys = [...new Set([...input.keys, ...rows.map((row) => row.key)])];
  return keys.map((key) => ({
    key,
    values: column(key, fromMs),
    ...(withBefore ? { before: column(key, start) } : {}),
  }));
}

/** Doors' numbers as their names. */
export const DOOR_KEY = Prisma.sql`CASE b.door WHEN 1 THEN 'vpn' WHEN 2 THEN 'http' ELSE 'socks' END`;

export const usageChart = (window: UsageWindow, lines: Chart["lines"]): Chart => ({
  unit: "bytes",
  from: new Date(window.fromMs).toISOString(),
  stepSeconds: window.stepMs / 1_000,
  points: window.points,
  lines,
  omitted: 0,
});
