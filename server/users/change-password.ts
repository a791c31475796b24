import { changePasswordInputSchema } from "#lib/schemas/session.ts";
import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, invalidInput } from "#server/errors.ts";
import { hashPassword, isPassword } from "./password-hash.ts";

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
  const revision = await getDb().$transaction(async (tx) => {
    await tx.user.update({ where: { id: actor.id }, data: { passwordHash }, select: { id: true } });
    const others = await tx.session.findMany({
      where: { userId: actor.id, revokedAt: null, id: { not: actor.sessionId } },
      select: { id: true, idHash: true },
    });
    await tx.session.updateMany({
      where: { id: { in: others.map((session) => session.id) } },
      data: { revokedAt: new Date() },
    });
    await recordAudit(tx, {
      ctx,
      action: "user.change-password",
      targetKind: "user",
      targetId: actor.id,
      targetName: actor.name,
    });
    return recordChange(
      tx,
      "session",
      others.map((session) => Buffer.from(session.idHash).toString("hex")),
    );
  });
  await publishRevision(revision);
}
