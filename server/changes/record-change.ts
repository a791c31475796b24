import type { Prisma } from "#server/generated/prisma/client.ts";
import { currentTraceparent } from "#server/tracing.ts";

/**
 * user: rows of `user` (ids empty = all) · session: hex hashes · token: token ids · inbound: node ids · group: group
 * ids · access: the access rules (no ids).
 */
export type ChangeKind = "user" | "session" | "token" | "inbound" | "group" | "access";

/** One lock for all writers, held until commit: ids become visible in order. */
const FEED_LOCK = 7_231_001;

/** The last statement of a write's transaction. Answers the revision, to be published after the commit. */
export async function recordChange(
  tx: Prisma.TransactionClient,
  kind: ChangeKind,
  ids: string[],
): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${FEED_LOCK}::bigint)`;
  const row = await tx.change.create({
    data: { kind, ids, traceContext: currentTraceparent() },
    select: { id: true },
  });
  return Number(row.id);
}
