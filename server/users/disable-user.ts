import type { User } from "#lib/schemas/user.ts";
import type { Context } from "#server/context.ts";
import { invalidInput } from "#server/errors.ts";
import { getManagedRow, isSelf, toUser, userSelect } from "./user-row.ts";
import { writeUser } from "./write-user.ts";

/** Closes every door; the doors end live connections when the change reaches them. */
export async function disableUser({ ctx, ref }: { ctx: Context; ref: string }): Promise<User> {
  const row = await getManagedRow(ctx, ref);
  if (isSelf(ctx, row))
    throw invalidInput("You cannot disable your own account: you would lock yourself out.");
  const updated = await writeUser({
    ctx,
    action: "user.disable",
    target: row,
    write: (tx) =>
      tx.user.update({ where: { id: row.id }, data: { status: "disabled" }, select: userSelect }),
  });
  return toUser(updated);
}
