import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden } from "#server/errors.ts";
import { endSessionsOf } from "./end-sessions-of.ts";

/** Logout everywhere: ends all sessions of the actor, on every host. Answers their hashes (hex), for the cache. */
export async function revokeAllSessions({ ctx }: { ctx: Context }): Promise<{ idHashes: string[] }> {
  const { actor } = ctx;
  if (actor.kind !== "user" && actor.kind !== "token") throw forbidden("Only a person has sessions.");
  const { idHashes, revision } = await getDb().$transaction(async (tx) => {
    const idHashes = await endSessionsOf(tx, actor.id);
    if (idHashes.length === 0) return { idHashes, revision: null };
    await recordAudit(tx, {
      ctx,
      action: "session.revoke-all",
      targetKind: "user",
      targetId: actor.id,
      targetName: actor.name,
      details: { sessions: idHashes.length },
    });
    return { idHashes, revision: await recordChange(tx, "session", idHashes) };
  });
  if (revision !== null) await publishRevision(revision);
  return { idHashes };
}
