import type { Context } from "#server/context.ts";
import { invalidInput } from "#server/errors.ts";
import { getManagedRow, isSelf } from "./user-row.ts";
import { writeUser } from "./write-user.ts";

/** Removes the account with its secrets and sessions. Usage in the buckets and audit rows stay. */
export async function deleteUser({ ctx, ref }: { ctx: Context; ref: string }): Promise<void> {
  const row = await getManagedRow(ctx, ref);
  if (isSelf(ctx, row)) throw invalidInput("You cannot delete your own account. Ask another owner.");
  await writeUser({
    ctx,
    action: "user.delete",
    target: row,
    write: (tx) => tx.user.delete({ where: { id: row.id }, select: { id: true } }),
  });
}
