import type { User } from "#lib/schemas/user.ts";
import type { Context } from "#server/context.ts";
import { invalidInput } from "#server/errors.ts";
import { endSessionsOf } from "#server/session-rows/end-sessions-of.ts";
import { getManagedRow, isSelf, toUser, userSelect } from "./user-row.ts";
import { writeUser } from "./write-user.ts";

/** Closes every door and ends all sign-ins: who is enabled again signs in anew. The doors end live connections. */
export async function disableUser({ ctx, ref }: { ctx: Context; ref: string }): Promise<User> {
  const row = await getManagedRow(ctx, ref);
  if (isSelf(ctx, row))
    throw invalidInput("You cannot disable your own account: you would lock yourself out.");
  const updated = await writeUser({
    ctx,
    action: "user.disable",
    target: row,
    write: async (tx, news) => {
      news.endedSessions = await endSessionsOf(tx, row.id);
      return tx.user.update({ where: { id: row.id }, data: { status: "disabled" }, select: userSelect });
    },
  });
  return toUser(updated);
}
