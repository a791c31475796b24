import type { User } from "#lib/schemas/user.ts";
import { deriveStatus } from "#lib/user-status.ts";
import type { Context } from "#server/context.ts";
import { getManagedRow, toUser, usedBytes, userSelect } from "./user-row.ts";
import { writeUser } from "./write-user.ts";

/** Sets the running total to zero now; the periodic reset keeps its day. */
export async function resetUser({ ctx, ref }: { ctx: Context; ref: string }): Promise<User> {
  const row = await getManagedRow(ctx, ref);
  const now = new Date();
  const status = deriveStatus({
    isDisabled: row.status === "disabled",
    isOnHold: row.status === "on_hold",
    expiresAt: row.expiresAt?.getTime() ?? null,
    limitBytes: row.limitBytes === null ? null : Number(row.limitBytes),
    usedBytes: 0,
    now: now.getTime(),
  });
  const zero = { vpnUp: 0, vpnDown: 0, httpUp: 0, httpDown: 0, socksUp: 0, socksDown: 0 };
  const updated = await writeUser({
    ctx,
    action: "user.reset",
    target: row,
    details: { usedBytes: usedBytes(row) },
    write: (tx) =>
      tx.user.update({
        where: { id: row.id },
        data: { status, usage: { update: { ...zero, resetAt: now } } },
        select: userSelect,
      }),
  });
  return toUser(updated);
}
