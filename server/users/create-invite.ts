import type { Invite } from "#lib/schemas/user.ts";
import type { Context } from "#server/context.ts";
import { makeInvite } from "./make-invite.ts";
import { getManagedRow } from "./user-row.ts";
import { writeUser } from "./write-user.ts";

/** A new invite (72 h, single use); earlier ones stop working. It also serves who forgot the password. */
export async function createInvite({ ctx, ref }: { ctx: Context; ref: string }): Promise<Invite> {
  const row = await getManagedRow(ctx, ref);
  const invite = makeInvite();
  await writeUser({
    ctx,
    action: "user.invite",
    target: row,
    write: async (tx) => {
      await tx.invite.deleteMany({ where: { userId: row.id } });
      await tx.invite.create({
        data: { userId: row.id, tokenHash: invite.tokenHash, expiresAt: invite.expiresAt },
      });
    },
  });
  return { url: invite.url, expiresAt: invite.expiresAt.toISOString() };
}
