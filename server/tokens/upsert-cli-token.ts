import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden } from "#server/errors.ts";

/** The token file of the actor local-cli is new (at every `up`): this hash (hex SHA-256) counts, earlier ones do not. */
export async function upsertCliToken({ ctx, tokenHash }: { ctx: Context; tokenHash: string }): Promise<void> {
  if (ctx.actor.kind !== "system") throw forbidden("Only the server itself renews the CLI's token.");
  const hash = Buffer.from(tokenHash, "hex");
  const revision = await getDb().$transaction(async (tx) => {
    const earlier = await tx.apiToken.findMany({
      where: { userId: null },
      select: { id: true, tokenHash: true },
    });
    const replaced = earlier.filter((row) => !hash.equals(row.tokenHash)).map((row) => row.id);
    if (earlier.length === 1 && replaced.length === 0) return null;
    await tx.apiToken.deleteMany({ where: { userId: null } });
    const created = await tx.apiToken.create({
      data: { name: "local-cli", tokenHash: hash, scopes: ["read", "write"] },
      select: { id: true },
    });
    await recordAudit(tx, {
      ctx,
      action: "token.renew-cli",
      targetKind: "token",
      targetId: created.id,
      targetName: "local-cli",
    });
    return recordChange(tx, "token", replaced);
  });
  if (revision !== null) await publishRevision(revision);
}
