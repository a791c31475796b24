import type { UserSecrets } from "#lib/schemas/user.ts";
import { credentialHash } from "#server/credentials/make-credential.ts";
import { getDb } from "#server/db.ts";
import { toUserSecrets } from "./to-user-secrets.ts";
import { type UserRow, userSelect } from "./user-row.ts";

/** By keyed hash; null for unknown and replaced tokens alike. The row carries the counters for Subscription-Userinfo. */
export async function findUserBySubscriptionToken({
  token,
}: {
  token: string;
}): Promise<{ user: UserSecrets; row: UserRow } | null> {
  const credential = await getDb().credential.findUnique({
    where: { kind_lookupHash: { kind: "subscription", lookupHash: credentialHash("subscription", token) } },
    select: { user: { select: userSelect } },
  });
  return credential === null ? null : { user: await toUserSecrets(credential.user), row: credential.user };
}
