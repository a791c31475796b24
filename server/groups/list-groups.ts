import type { Group } from "#lib/schemas/group.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden } from "#server/errors.ts";
import { groupSelect, toGroup } from "./group-row.ts";

/** All groups by name. */
export async function listGroups({ ctx }: { ctx: Context }): Promise<Group[]> {
  if (ctx.actor.role === "user") throw forbidden();
  const rows = await getDb().group.findMany({ select: groupSelect, orderBy: { name: "asc" } });
  return rows.map(toGroup);
}
