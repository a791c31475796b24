import type { z } from "zod";
import { changeMembersInputSchema, type Group } from "#lib/schemas/group.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { invalidInput } from "#server/errors.ts";
import { getGroupRow, toGroup, UUID } from "./group-row.ts";
import { writeGroup } from "./write-group.ts";

/** Puts users into a group and takes others out, all or none; one change row, however many they are. */
export async function changeMembers({
  ctx,
  ref,
  input,
}: {
  ctx: Context;
  ref: string;
  input: z.input<typeof changeMembersInputSchema>;
}): Promise<Group> {
  const { add, remove } = changeMembersInputSchema.parse(input);
  const group = await getGroupRow(ctx, ref);
  const [added, removed] = await Promise.all([findUsers(add, "add"), findUsers(remove, "remove")]);
  const users = [...new Set([...added, ...removed])];
  if (users.length === 0) return toGroup(group);
  return writeGroup({
    ctx,
    action: "group.members",
    target: group,
    details: { added: added.length, removed: removed.length },
    users,
    write: async (tx) => {
      await tx.groupMember.createMany({
        data: added.map((userId) => ({ userId, groupId: group.id })),
        skipDuplicates: true,
      });
      await tx.groupMember.deleteMany({ where: { groupId: group.id, userId: { in: removed } } });
      return toGroup(await getGroupRow(ctx, group.id, tx));
    },
  });
}

async function findUsers(refs: string[], field: "add" | "remove"): Promise<string[]> {
  const ids = refs.filter((ref) => UUID.test(ref)).map((ref) => ref.toLowerCase());
  const names = refs.filter((ref) => !UUID.test(ref));
  const rows = await getDb().user.findMany({
    where: { OR: [{ id: { in: ids } }, { name: { in: names } }] },
    select: { id: true, name: true },
  });
  const known = new Set(rows.flatMap((row) => [row.id, row.name]));
  const unknown = [...ids, ...names].filter((ref) => !known.has(ref));
  if (unknown.length > 0)
    throw invalidInput(`There is no user “${unknown[0]}”. Nothing was changed.`, [
      { path: field, message: `Unknown: ${unknown.slice(0, 10).join(", ")}` },
    ]);
  return rows.map((row) => row.id);
}
