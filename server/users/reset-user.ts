import type { User } from "#lib/schemas/user.ts";
import { deriveStatus } from "#lib/user-status.ts";
import type { Context } from "#server/context.ts";
import { getManagedRow, lockUserRow, toUser, usedBytes, userSelect } from "./user-row.ts";
import { writeUser } from "./write-user.ts";

/** Sets the running total to zero now; the periodic reset keeps its day. */
export async function resetUser({ ctx, ref }: { ctx: Context; ref: string }): Promise<User> {
  const row = await getManagedRow(ctx, ref);
  const now = new Date();
  const zero = { vpnUp: 0, vpnDown: 0, httpUp: 0, httpDown: 0, socksUp: 0, socksDown: 0 };
  const updated = await writeUser({
    ctx,
    action: "user.reset",
    target: row,
    details: { usedBytes: usedBytes(row) },
    write: async (tx) => {
      const current = await lockUserRow(tx, row.id);
      const status = deriveStatus({
        isDisabled: current.status === "disabled",
        isOnHold: current.status === "on_hold",
        expiresAt: current.expiresAt?.getTime() ?? null,
        limitBytes: current.limitBytes === null ? null : Number(current.limitBytes),
        usedBytes: 0,
        now: now.getTime(),
      });
      return tx.user.update({
        where: { id: row.id },
        data: { status, usage: { update: { ...zero, resetAt: now } } },
        select: userSelect,
      });
    },
  });
  return toUser(updated);
}
