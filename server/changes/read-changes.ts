import type { Changes } from "#lib/schemas/internal.ts";
import { getDb } from "#server/db.ts";
import { readRevision } from "./read-revision.ts";
import { readReplicaAccess, readReplicaGroups } from "./replica-rules.ts";
import { byIds, readReplicaUsers } from "./replica-user.ts";

/** Beyond these the whole replica is the shorter answer. */
const MAX_ROWS = 10_000;
const MAX_USERS = 20_000;

/**
 * What changed after a revision, as the rows are now (a user that is gone is null). isPruned: take the replica,
 * because rows needed are gone, all users changed, or the consumer is ahead of a restored database.
 */
export async function readChanges({ after }: { after: number }): Promise<Changes> {
  return getDb().$transaction(
    async (tx) => {
      const revision = await readRevision(tx);
      const pruned: Changes = {
        revision,
        isPruned: true,
        users: [],
        groups: [],
        access: null,
        changed: [],
        endedSessions: [],
        revokedTokens: [],
      };
      if (after === revision) return { ...pruned, isPruned: false };
      if (after > revision) return pruned;
      const oldest = await tx.change.findFirst({ orderBy: { id: "asc" }, select: { id: true } });
      // A rolled-back write leaves a gap that looks pruned at the oldest row: one replica too many, no harm.
      if (oldest === null || Number(oldest.id) > after + 1) return pruned;
      const rows = await tx.change.findMany({
        where: { id: { gt: after, lte: revision } },
        select: { id: true, kind: true, ids: true, createdAt: true },
        take: MAX_ROWS + 1,
      });
      const idsOf = (kind: string) => [
        ...new Set(rows.filter((row) => row.kind === kind).flatMap((row) => row.ids)),
      ];
      const userIds = idsOf("user");
      const isEveryone = rows.some((row) => row.kind === "user" && row.ids.length === 0);
      if (isEveryone || rows.length > MAX_ROWS || userIds.length > MAX_USERS) return pruned;
      const found = userIds.length === 0 ? [] : await readReplicaUsers(tx, byIds(userIds));
      const groupIds = idsOf("group");
      const groups = new Map((await readReplicaGroups(tx, groupIds)).map((group) => [group.id, group]));
      const byId = new Map(found.map((user) => [user.id, user]));
      return {
        revision,
        isPruned: false,
        users: userIds.map((id) => ({ id, user: byId.get(id) ?? null })),
        groups: groupIds.map((id) => ({ id, group: groups.get(id) ?? null })),
        access: rows.some((row) => row.kind === "access") ? await readReplicaAccess(tx) : null,
        changed: rows.map((row) => ({
          revision: Number(row.id),
          kind: row.kind,
          at: row.createdAt.getTime(),
        })),
        endedSessions: idsOf("session"),
        revokedTokens: idsOf("token"),
      };
    },
    { isolationLevel: "RepeatableRead", timeout: 30_000 },
  );
}
