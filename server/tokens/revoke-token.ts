import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, notFound } from "#server/errors.ts";

/** One of the acting person's own tokens; it stops working at every door within 2 s. */
export async function revokeToken({ ctx, id }: { ctx: Context; id: string }): Promise<void> {
  const { actor } = ctx;
  if (actor.kind !== "user" && actor.kind !== "token") throw forbidden("This actor has no tokens.");
  const revision = await getDb().$transaction(async (tx) => {
    const row = await tx.apiToken.findFirst({
      where: { id, userId: actor.id, revokedAt: null },
      select: { name: true },
    });
    if (row === null) throw notFound("token", id);
    await tx.apiToken.update({ where: { id }, data: { revokedAt: new Date() } });
    await recordAudit(tx, {
      ctx,
      action: "token.revoke",
      targetKind: "token",
      targetId: id,
      targetName: row.name,
    });
    return recordChange(tx, "token", [id]);
  });
  await publishRevision(revision);
}
