import type { Role, UserStatus } from "#lib/schemas/user.ts";
import { getDb } from "#server/db.ts";

export type SessionRow = {
  id: string;
  userId: string;
  host: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  user: { name: string; role: Role; status: UserStatus };
};

/** The live session with this hash (hex); null when unknown, revoked, expired, or its user is disabled. */
export async function findSession({
  idHash,
  now = Date.now(),
}: {
  idHash: string;
  now?: number;
}): Promise<SessionRow | null> {
  const row = await getDb().session.findUnique({
    where: { idHash: Buffer.from(idHash, "hex") },
    select: {
      id: true,
      userId: true,
      host: true,
      createdAt: true,
      lastSeenAt: true,
      expiresAt: true,
      revokedAt: true,
      user: { select: { name: true, role: true, status: true } },
    },
  });
  if (row === null || row.revokedAt !== null || row.expiresAt.getTime() <= now) return null;
  if (row.user.status === "disabled") return null;
  const { revokedAt: _, ...session } = row;
  return session;
}
