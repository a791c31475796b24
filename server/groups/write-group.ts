import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

/** A write on one group: what `write` does, the audit row, the change row last. `users` = whose membership changed. */
export async function writeGroup<T>(options: {
  ctx: Context;
  /** As in `group.update`. */
  action: string;
  target: { id: string; name: string };
  details?: Prisma.InputJsonObject;
  users?: string[];
  write(tx: Prisma.TransactionClient): Promise<T>;
}): Promise<T> {
  const { ctx, action, target, details, users, write } = options;
  const { result, revision } = await getDb().$transaction(async (tx) => {
    const result = await write(tx);
    await recordAudit(tx, {
      ctx,
      action,
      targetKind: "group",
      targetId: target.id,
      targetName: target.name,
      ...(details === undefined ? {} : { details }),
    });
    const revision = users
      ? await recordChange(tx, "user", users)
      : await recordChange(tx, "group", [target.id]);
    return { result, revision };
  });
  await publishRevision(revision);
  return result;
}
