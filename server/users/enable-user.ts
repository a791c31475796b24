import type { User } from "#lib/schemas/user.ts";
import { deriveStatus } from "#lib/user-status.ts";
import type { Context } from "#server/context.ts";
import { getManagedRow, lockUserRow, toUser, usedBytes, userSelect } from "./user-row.ts";
import { writeUser } from "./write-user.ts";

/** Takes back disable and on hold; who is past the expiry or the limit becomes `expired` or `limited`. */
export async function enableUser({ ctx, ref }: { ctx: Context; ref: string }): Promise<User> {
  const row = await getManagedRow(ctx, ref);
  const updated = await writeUser({
    ctx,
    action: "user.enable",
    target: row,
    write: async (tx) => {
      const current = await lockUserRow(tx, row.id);
      const status = deriveStatus({
        isDisabled: false,
        isOnHold: false,
        expiresAt: current.expiresAt?.getTime() ?? null,
        limitBytes: current.limitBytes === null ? null : Number(current.limitBytes),
        usedBytes: usedBytes(current),
        now: Date.now(),
      });
      return tx.user.update({ where: { id: row.id }, data: { status }, select: userSelect });
    },
  });
  return toUser(updated);
}
