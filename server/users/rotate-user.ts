import { CREDENTIAL_KINDS, type CredentialKind, type UserSecrets } from "#lib/schemas/user.ts";
import type { Context } from "#server/context.ts";
import { makeCredential } from "#server/credentials/make-credential.ts";
import { toUserSecrets } from "./to-user-secrets.ts";
import { getManagedRow, getReadableRow, isSelf } from "./user-row.ts";
import { writeUser } from "./write-user.ts";

/** New secrets (one kind, or all): the old ones stop at once and connections made with them end. */
export async function rotateUser({
  ctx,
  ref,
  only,
}: {
  ctx: Context;
  ref: string;
  only?: CredentialKind | undefined;
}): Promise<UserSecrets> {
  const readable = await getReadableRow(ctx, ref);
  const row = isSelf(ctx, readable) ? readable : await getManagedRow(ctx, ref);
  const kinds = only === undefined ? CREDENTIAL_KINDS : [only];
  await writeUser({
    ctx,
    action: "user.rotate",
    target: row,
    details: { kinds: [...kinds] },
    write: async (tx) => {
      for (const kind of kinds) {
        const { sealed, lookupHash } = makeCredential(row.id, kind).row;
        await tx.credential.update({
          where: { userId_kind: { userId: row.id, kind } },
          data: { sealed, lookupHash, rotatedAt: new Date() },
        });
      }
    },
  });
  return toUserSecrets(row);
}
