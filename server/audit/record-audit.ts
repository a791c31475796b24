import type { Context } from "#server/context.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

type Entry = {
  ctx: Context;
  /** `noun.verb`, as in `user.disable`. */
  action: string;
  targetKind: string;
  targetId?: string;
  targetName?: string;
  /** What changed, without secrets. */
  details?: Prisma.InputJsonObject;
};

/** The audit row of a write, inside its transaction. */
export async function recordAudit(tx: Prisma.TransactionClient, entry: Entry): Promise<void> {
  const { actor, ip, requestId } = entry.ctx;
  await tx.auditEntry.create({
    data: {
      actorKind: actor.kind,
      actorId: actor.kind === "user" || actor.kind === "token" ? actor.id : null,
      actorName: actor.name,
      action: entry.action,
      targetKind: entry.targetKind,
      targetId: entry.targetId ?? null,
      targetName: entry.targetName ?? null,
      details: entry.details ?? {},
      ip,
      requestId,
    },
  });
}
