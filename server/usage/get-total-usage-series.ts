import type { z } from "zod";
import { METERED_DOORS } from "#lib/doors.ts";
import { type Chart, totalUsageQuerySchema } from "#lib/schemas/chart.ts";
import type { Context } from "#server/context.ts";
import { forbidden } from "#server/errors.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { getNode, listNodes } from "#server/nodes/list-nodes.ts";
import { NO_NODE } from "./door-number.ts";
import { DOOR_KEY, readUsageLines, usageChart } from "./read-usage-lines.ts";
import { usageWindow } from "./usage-window.ts";

const NODE_KEY = Prisma.sql`
  CASE WHEN b.node_id = ${NO_NODE}::uuid THEN '~proxies' ELSE coalesce(n.name, '~removed') END`;

/** Everybody's bytes over time by door or by node, from the totals: the cost does not grow with the users. */
export async function getTotalUsageSeries({
  ctx,
  query: input = {},
  now = Date.now(),
}: {
  ctx: Context;
  query?: z.input<typeof totalUsageQuerySchema>;
  now?: number;
}): Promise<Chart> {
  if (ctx.actor.role === "user") throw forbidden();
  const query = totalUsageQuerySchema.parse(input);
  const window = usageWindow(query, now);
  const node = query.node === undefined ? null : await getNode({ ctx, ref: query.node });
  const nodes = query.by === "node" && node === null ? await listNodes({ ctx }) : [];
  const table = Prisma.raw(`usage_total_${window.width}`);
  const lines = await readUsageLines({
    from: Prisma.sql`${table} b LEFT JOIN node n ON n.id = b.node_id`,
    where: node === null ? Prisma.sql`true` : Prisma.sql`b.node_id = ${node.id}::uuid`,
    key: query.by === "door" ? DOOR_KEY : NODE_KEY,
    keys:
      query.by === "node"
        ? nodes.map(({ name }) => name)
        : METERED_DOORS.filter((door) => node === null || door === "vpn"),
    window,
    withBefore: query.compare === "true",
  });
  return usageChart(window, lines);
}
