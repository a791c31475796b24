import { METERED_DOORS } from "#lib/doors.ts";
import { type Chart, type ChartQuery, chartQuerySchema } from "#lib/schemas/chart.ts";
import type { Context } from "#server/context.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { getReadableRow } from "#server/users/user-row.ts";
import { DOOR_KEY, readUsageLines, usageChart } from "./read-usage-lines.ts";
import { usageWindow } from "./usage-window.ts";

/** One user's bytes by door over time. */
export async function getUsageSeries({
  ctx,
  ref,
  query: input = {},
  now = Date.now(),
}: {
  ctx: Context;
  ref: string;
  query?: ChartQuery;
  now?: number;
}): Promise<Chart> {
  const query = chartQuerySchema.parse(input);
  const window = usageWindow(query, now);
  const user = await getReadableRow(ctx, ref);
  const lines = await readUsageLines({
    from: Prisma.sql`${Prisma.raw(`usage_${window.width}`)} b`,
    where: Prisma.sql`b.user_id = ${user.id}::uuid`,
    key: DOOR_KEY,
    keys: METERED_DOORS,
    window,
    withBefore: query.compare === "true",
  });
  return usageChart(window, lines);
}
