import { type Destinations, destinationsSchema, type Group } from "#lib/schemas/group.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, notFound } from "#server/errors.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

export const groupSelect = {
  id: true,
  name: true,
  note: true,
  destinations: true,
  createdAt: true,
  _count: { select: { members: true } },
} as const satisfies Prisma.GroupSelect;
export type GroupRow = Prisma.GroupGetPayload<{ select: typeof groupSelect }>;

export function toGroup(row: GroupRow): Group {
  return {
    id: row.id,
    name: row.name,
    note: row.note,
    destinations: parseDestinations(row.destinations),
    members: row._count.members,
    createdAt: row.createdAt.toISOString(),
  };
}

export const parseDestinations = (json: unknown): Destinations => destinationsSchema.parse(json);

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** By id or name, for operators. Throws NOT_FOUND. */
export async function getGroupRow(
  ctx: Context,
  ref: string,
  tx: Prisma.TransactionClient = ctx.tx ?? getDb(),
): Promise<GroupRow> {
  if (ctx.actor.role === "user") throw forbidden();
  const where = UUID.test(ref) ? { id: ref.toLowerCase() } : { name: ref };
  const row = await tx.group.findUnique({ where, select: groupSelect });
  if (row === null) throw notFound("group", ref);
  return row;
}
