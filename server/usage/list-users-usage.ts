import type { Chart } from "#lib/schemas/chart.ts";
import type { Context } from "#server/context.ts";
import { forbidden } from "#server/errors.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { readUsageLines, usageChart } from "./read-usage-lines.ts";
import type { UsageWindow } from "./usage-window.ts";

const DAY_MS = 86_400_000;
const DAYS = 14;

/** Bytes a day of up to 100 users in the last two weeks: a line for each, its key is the user's id. */
export async function listUsersUsage({
  ctx,
  ids,
  now = Date.now(),
}: {
  ctx: Context;
  ids: readonly string[];
  now?: number;
}): Promise<Chart> {
  if (ctx.actor.role === "user") throw forbidden();
  const window: UsageWindow = {
    fromMs: Math.floor(now / DAY_MS) * DAY_MS - (DAYS - 1) * DAY_MS,
    stepMs: DAY_MS,
    points: DAYS,
    width: "1d",
    keptFromMs: 0,
  };
  const lines = await readUsageLines({
    from: Prisma.sql`usage_1d b`,
    where: Prisma.sql`b.user_id = ANY(${ids}::uuid[])`,
    key: Prisma.sql`b.user_id::text`,
    keys: ids,
    window,
    withBefore: false,
  });
  return usageChart(window, lines);
}
