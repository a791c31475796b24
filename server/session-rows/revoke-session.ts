import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, notFound } from "#server/errors.ts";

/** Ends one of the actor's own sessions (also: logout). Answers its hash (hex), for the cache; ending twice is fine. */
export async function revokeSession({ ctx, id }: { ctx: Context; id: string }): Promise<{ idHash: string }> {
  const { actor } = ctx;
  if (actor.kind !== "user" && actor.kind !== "token") throw forbidden("Only a person has sessions.");
  const session = await getDb().session.findFirst({
    where: { id, userId: actor.id },
    select: { idHash: true },
  });
  if (session === null) throw notFound("session", id);
  const idHash = Buffer.from(session.idHash).toString("hex");
  const revision = await getDb().$transaction(async (tx) => {
    const { count } = await tx.session.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count === 0) return null;
    await recordAudit(tx, {
      ctx,
      action: "session.revoke",
      targetKind: "session",
      targetId: id,
      targetName: actor.name,
    });
    return recordChange(tx, "session", [idHash]);
  });
  if (revision !== null) await publishRevision(revision);
  return { idHash };
}
