import { acceptInviteInputSchema } from "#lib/schemas/session.ts";
import { gone } from "#server/errors.ts";
import { endSessionsOf } from "#server/session-rows/end-sessions-of.ts";
import { getInvite } from "./get-invite.ts";
import { hashPassword } from "./password-hash.ts";
import { writeUser } from "./write-user.ts";

/** Sets the panel password by an invite, which is used up; other invites and all sign-ins of the user end. */
export async function acceptInvite({
  token,
  input,
  ip,
  requestId,
}: {
  token: string;
  input: { password: string };
  ip: string | null;
  requestId: string;
}): Promise<{ id: string; name: string }> {
  const { password } = acceptInviteInputSchema.parse(input);
  const invite = await getInvite({ token });
  const passwordHash = await hashPassword(password);
  await writeUser({
    ctx: { actor: { kind: "system", name: `invite of ${invite.user.name}`, role: "owner" }, ip, requestId },
    action: "user.accept-invite",
    target: invite.user,
    write: async (tx, news) => {
      // The guard in the UPDATE makes it single use also when two requests race.
      const used = await tx.invite.updateMany({
        where: { id: invite.id, usedAt: null },
        data: { usedAt: new Date() },
      });
      if (used.count !== 1) throw gone("This invite was used just now. Sign in with the new password.");
      await tx.invite.deleteMany({ where: { userId: invite.user.id, usedAt: null } });
      news.endedSessions = await endSessionsOf(tx, invite.user.id);
      await tx.user.update({ where: { id: invite.user.id }, data: { passwordHash }, select: { id: true } });
    },
  });
  return invite.user;
}
