import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { createGroupInputSchema, type Group } from "#lib/schemas/group.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { conflict, forbidden } from "#server/errors.ts";
import { isUniqueViolation } from "#server/users/is-unique-violation.ts";
import { groupSelect, toGroup } from "./group-row.ts";
import { writeGroup } from "./write-group.ts";

/** Every program holds all of them in memory. */
const MAX_GROUPS = 1_000;

export async function createGroup({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof createGroupInputSchema>;
}): Promise<Group> {
  if (ctx.actor.role === "user") throw forbidden();
  const { name, note, destinations } = createGroupInputSchema.parse(input);
  if ((await getDb().group.count()) >= MAX_GROUPS)
    throw conflict(`There are ${MAX_GROUPS} groups. Delete one that is not used.`);
  const id = randomUUID();
  try {
    return await writeGroup({
      ctx,
      action: "group.create",
      target: { id, name },
      details: { destinations },
      write: async (tx) =>
        toGroup(await tx.group.create({ data: { id, name, note, destinations }, select: groupSelect })),
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict(`There already is a group “${name}”. Choose another name.`);
    throw error;
  }
}
