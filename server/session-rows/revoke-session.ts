import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, notFound } from "#server/errors.ts";

/**
 * Ends one of the actor's own sessions (also: logout), and those handed on from it to other hosts. Answers their
 * hashes (hex), for the cache; ending twice is fine.
 */
export async function revokeSession({
  ctx,
  id,
}: {
  ctx: Context;
  id: string;
}): Promise<{ idHashes: string[] }> {
  const { actor } = ctx;
  if (actor.kind !== "user" && actor.kind !== "token") throw forbidden("Only a person has sessions.");
  const session = await getDb().session.findFirst({
    where: { id, userId: actor.id },
    select: { idHash: true },
  });
  if (session === null) throw notFound("session", id);
  const idHashes = [hex(session.idHash)];
  const revision = await getDb().$transaction(async (tx) => {
    const ended = await tx.session.updateManyAndReturn({
      where: { OR: [{ id }, { parentId: id }], userId: actor.id, revokedAt: null },
      data: { revokedAt: new Date() },
      select: { idHash: true },
    });
    if (ended.length === 0) return null;
    const hashes = ended.map((row) => hex(row.idHash));
    idHashes.push(...hashes);
    await recordAudit(tx, {
      ctx,
      action: "session.revoke",
      targetKind: "session",
      targetId: id,
      targetName: actor.name,
    });
    return recordChange(tx, "session", hashes);
  });
  if (revision !== null) await publishRevision(revision);
  return { idHashes: [...new Set(idHashes)] };
}

const hex = (hash: Uint8Array) => Buffer.from(hash).toString("hex");
