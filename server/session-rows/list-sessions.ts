import type { SessionInfo } from "#lib/schemas/session.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden } from "#server/errors.ts";

/** The actor's own live sign-ins, the newest first. */
export async function listSessions({ ctx }: { ctx: Context }): Promise<SessionInfo[]> {
  const { actor } = ctx;
  if (actor.kind !== "user" && actor.kind !== "token") throw forbidden("Only a person has sessions.");
  const rows = await getDb().session.findMany({
    where: { userId: actor.id, revokedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { lastSeenAt: "desc" },
    take: 100,
    select: { id: true, ip: true, userAgent: true, createdAt: true, lastSeenAt: true, expiresAt: true },
  });
  return rows.map((row) => ({
    id: row.id,
    isCurrent: actor.kind === "user" && actor.sessionId === row.id,
    ip: row.ip,
    userAgent: row.userAgent,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  }));
}
