import { nextReset } from "#lib/next-reset.ts";
import { type UpdateUserInput, type User, updateUserInputSchema } from "#lib/schemas/user.ts";
import { deriveStatus } from "#lib/user-status.ts";
import type { Context } from "#server/context.ts";
import { forbidden, invalidInput } from "#server/errors.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { setGroupsOf } from "#server/groups/set-groups-of.ts";
import { getManagedRow, lockUserRow, toUser, type UserRow, usedBytes, userSelect } from "./user-row.ts";
import { writeUser } from "./write-user.ts";

/** Edits what is given and derives the status anew, unless an admin has switched the user off. */
export async function updateUser({
  ctx,
  ref,
  input,
}: {
  ctx: Context;
  ref: string;
  input: UpdateUserInput;
}): Promise<User> {
  const patch = updateUserInputSchema.parse(input);
  const row = await getManagedRow(ctx, ref);
  if (patch.role !== undefined && patch.role !== row.role) {
    if (patch.role === "owner" && ctx.actor.role !== "owner")
      throw forbidden("Only an owner may make another owner.");
    if (row.role === "owner")
      throw invalidInput(
        "An owner's role cannot be taken away here. Make another owner and delete this account.",
      );
  }
  const updated = await writeUser({
    ctx,
    action: "user.update",
    target: row,
    details: patch as Prisma.InputJsonObject,
    write: async (tx) => {
      if (patch.groups !== undefined) await setGroupsOf(tx, row.id, patch.groups);
      const data = changed(await lockUserRow(tx, row.id), patch, Date.now());
      return tx.user.update({ where: { id: row.id }, data, select: userSelect });
    },
  });
  return toUser(updated);
}

/** The columns to write, from the row as it is now. */
function changed(row: UserRow, patch: UpdateUserInput, now: number): Prisma.UserUpdateInput {
  const limitBytes =
    patch.limitBytes === undefined
      ? row.limitBytes === null
        ? null
        : Number(row.limitBytes)
      : patch.limitBytes;
  const expiresAt =
    patch.expiresAt === undefined
      ? row.expiresAt
      : patch.expiresAt === null
        ? null
        : new Date(patch.expiresAt);
  const data: Prisma.UserUpdateInput = {
    expiresAt,
    limitBytes: limitBytes === null ? null : BigInt(limitBytes),
    status: deriveStatus({
      isDisabled: row.status === "disabled",
      isOnHold: row.status === "on_hold",
      expiresAt: expiresAt?.getTime() ?? null,
      limitBytes,
      usedBytes: usedBytes(row),
      now,
    }),
  };
  if (patch.email !== undefined) data.email = patch.email;
  if (patch.maxTunnels !== undefined) data.maxTunnels = patch.maxTunnels;
  if (patch.rateLimitBitsPerSecond !== undefined) {
    const rate = patch.rateLimitBitsPerSecond;
    data.rateLimitBitsPerSecond = rate === null ? null : BigInt(rate);
  }
  if (patch.note !== undefined) data.note = patch.note;
  if (patch.role !== undefined) data.role = patch.role;
  if (patch.resetPeriod !== undefined && patch.resetPeriod !== row.resetPeriod) {
    data.resetPeriod = patch.resetPeriod;
    data.nextResetAt = nextReset(patch.resetPeriod, new Date(now));
  }
  return data;
}
