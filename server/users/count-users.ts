import type { Status } from "#lib/schemas/status.ts";
import { getDb } from "#server/db.ts";
import { ONLINE_WITHIN_MS } from "./user-row.ts";

/** People by status, and how many are online, for the overview. */
export async function countUsers(): Promise<Status["users"]> {
  const [groups, online] = await Promise.all([
    getDb().user.groupBy({ by: ["status"], _count: { _all: true } }),
    getDb().userUsage.count({ where: { onlineAt: { gt: new Date(Date.now() - ONLINE_WITHIN_MS) } } }),
  ]);
  const of = (status: (typeof groups)[number]["status"]) =>
    groups.find((group) => group.status === status)?._count._all ?? 0;
  return {
    total: groups.reduce((sum, group) => sum + group._count._all, 0),
    online,
    active: of("active"),
    disabled: of("disabled"),
    limited: of("limited"),
    expired: of("expired"),
    onHold: of("on_hold"),
  };
}
