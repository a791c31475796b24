import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

type Write<T> = {
  ctx: Context;
  /** As in `user.disable`. */
  action: string;
  target: { id: string; name: string };
  details?: Prisma.InputJsonObject;
  write(tx: Prisma.TransactionClient, news: News): Promise<T>;
};

/** What others must hear of besides the user itself. */
type News = { endedSessions: string[] };

/** A write on one user: what `write` does, the audit row, and the change row last, in one transaction; then the news. */
export async function writeUser<T>({ ctx, action, target, details, write }: Write<T>): Promise<T> {
  const { result, revision } = await getDb().$transaction(async (tx) => {
    const news: News = { endedSessions: [] };
    const result = await write(tx, news);
    await recordAudit(tx, {
      ctx,
      action,
      targetKind: "user",
      targetId: target.id,
      targetName: target.name,
      ...(details === undefined ? {} : { details }),
    });
    if (news.endedSessions.length > 0) await recordChange(tx, "session", news.endedSessions);
    return { result, revision: await recordChange(tx, "user", [target.id]) };
  });
  await publishRevision(revision);
  return result;
}
