import { apiTokenScopeSchema } from "#lib/schemas/session.ts";
import type { Role } from "#lib/schemas/user.ts";
import { getDb } from "#server/db.ts";

export type VerifiedToken = {
  tokenId: string;
  /** null = the CLI's own token */
  user: { id: string; name: string; role: Role; isDisabled: boolean } | null;
  scopes: ("read" | "write" | "forward-auth")[];
  expiresAt: Date | null;
};

const USED_EVERY_MS = 60_000;

/** The token with this SHA-256, or null when unknown, revoked or expired. Notes its use at most once a minute. */
export async function verifyToken({
  tokenHash,
}: {
  tokenHash: Uint8Array<ArrayBuffer>;
}): Promise<VerifiedToken | null> {
  const row = await getDb().apiToken.findUnique({
    where: { tokenHash },
    include: { user: { select: { id: true, name: true, role: true, status: true } } },
  });
  const now = Date.now();
  if (row === null || row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt.getTime() <= now))
    return null;
  if (row.lastUsedAt === null || now - row.lastUsedAt.getTime() > USED_EVERY_MS) {
    await getDb().apiToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date(now) } });
  }
  const { user } = row;
  return {
    tokenId: row.id,
    user:
      user === null
        ? null
        : { id: user.id, name: user.name, role: user.role, isDisabled: user.status === "disabled" },
    scopes: row.scopes.map((scope) => apiTokenScopeSchema.parse(scope)),
    expiresAt: row.expiresAt,
  };
}
