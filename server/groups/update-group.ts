import type { z } from "zod";
import { type Group, updateGroupInputSchema } from "#lib/schemas/group.ts";
import type { Context } from "#server/context.ts";
import { conflict } from "#server/errors.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { isUniqueViolation } from "#server/users/is-unique-violation.ts";
import { getGroupRow, groupSelect, toGroup } from "./group-row.ts";
import { writeGroup } from "./write-group.ts";

/** Edits what is given; `destinations` is replaced as a whole. */
export async function updateGroup({
  ctx,
  ref,
  input,
}: {
  ctx: Context;
  ref: string;
  input: z.input<typeof updateGroupInputSchema>;
}): Promise<Group> {
  const { name, note, destinations } = updateGroupInputSchema.parse(input);
  const row = await getGroupRow(ctx, ref);
  const data: Prisma.GroupUpdateInput = {};
  if (name !== undefined) data.name = name;
  if (note !== undefined) data.note = note;
  if (destinations !== undefined) data.destinations = destinations;
  try {
    return await writeGroup({
      ctx,
      action: "group.update",
      target: row,
      details: data as Prisma.InputJsonObject,
      write: async (tx) =>
        toGroup(await tx.group.update({ where: { id: row.id }, data, select: groupSelect })),
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict(`There already is a group “${name}”. Choose another name.`);
    throw error;
  }
}
