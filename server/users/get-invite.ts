import { sha256 } from "#server/crypto.ts";
import { getDb } from "#server/db.ts";
import { gone } from "#server/errors.ts";

export type OpenInvite = { id: string; user: { id: string; name: string }; expiresAt: Date };

/** The invite behind a token. Unknown, used and expired answer alike: GONE. */
export async function getInvite({ token }: { token: string }): Promise<OpenInvite> {
  const invite = await getDb().invite.findUnique({
    where: { tokenHash: sha256(token) },
    select: { id: true, expiresAt: true, usedAt: true, user: { select: { id: true, name: true } } },
  });
  if (invite === null || invite.usedAt !== null || invite.expiresAt.getTime() <= Date.now()) {
    throw gone("This invite is used up, expired or was replaced. Ask for a new one.");
  }
  return { id: invite.id, user: invite.user, expiresAt: invite.expiresAt };
}
