import { changePasswordInputSchema } from "#lib/schemas/session.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, invalidInput } from "#server/errors.ts";
import { endSessionsOf } from "#server/session-rows/end-sessions-of.ts";
import { hashPassword, isPassword } from "./password-hash.ts";
import { writeUser } from "./write-user.ts";

/** The signed-in user's own panel password; every other sign-in of theirs ends. */
export async function changePassword({
  ctx,
  input,
}: {
  ctx: Context;
  input: { currentPassword: string; newPassword: string };
}): Promise<void> {
  const { actor } = ctx;
  if (actor.kind !== "user") throw forbidden("Only a signed-in person can change their password.");
  const { currentPassword, newPassword } = changePasswordInputSchema.parse(input);
  const user = await getDb().user.findUniqueOrThrow({
    where: { id: actor.id },
    select: { passwordHash: true },
  });
  if (!(await isPassword(user.passwordHash, currentPassword))) {
    throw invalidInput("The current password is not right.", [
      { path: "currentPassword", message: "This is not your current password." },
    ]);
  }
  const passwordHash = await hashPassword(newPassword);
  await writeUser({
    ctx,
    action: "user.change-password",
    target: actor,
    write: async (tx, news) => {
      await tx.user.update({ where: { id: actor.id }, data: { passwordHash }, select: { id: true } });
      news.endedSessions = await endSessionsOf(tx, actor.id, { exceptId: actor.sessionId });
    },
  });
}
