import { readAccessPolicy } from "#server/access/access-policy-row.ts";
import type { Context } from "#server/context.ts";
import { conflict } from "#server/errors.ts";
import { getGroupRow } from "./group-row.ts";
import { writeGroup } from "./write-group.ts";

/** Its members stay, without it. A group that an access rule names cannot go: the rule would mean something else. */
export async function deleteGroup({ ctx, ref }: { ctx: Context; ref: string }): Promise<void> {
  const row = await getGroupRow(ctx, ref);
  await writeGroup({
    ctx,
    action: "group.delete",
    target: row,
    details: { members: row._count.members },
    write: async (tx) => {
      // Held first: an update of the rules holds what it names, so one of the two sees the other.
      await tx.$executeRaw`SELECT 1 FROM "group" WHERE id = ${row.id}::uuid FOR UPDATE`;
      const { rules } = await readAccessPolicy(tx);
      const position = rules.findIndex((rule) => rule.groups.includes(row.id)) + 1;
      if (position > 0)
        throw conflict(`Access rule ${position} names the group “${row.name}”. Change the rule first.`);
      await tx.group.delete({ where: { id: row.id } });
    },
  });
}
