import type { z } from "zod";
import type { ReplicaUser, replicaHeaderSchema } from "#lib/schemas/internal.ts";
import { PROXY_PASSWORD_PURPOSE } from "#server/credentials/make-credential.ts";
import { deriveKey } from "#server/crypto.ts";
import { getDb } from "#server/db.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { readRevision } from "./read-revision.ts";
import { readReplicaAccess, readReplicaGroups } from "./replica-rules.ts";
import { readReplicaUsers } from "./replica-user.ts";

const PAGE_SIZE = 5_000;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

export type Replica = { header: z.infer<typeof replicaHeaderSchema>; users: ReplicaUser[] };

/** All users as of one revision: one snapshot, read in pages so that the event loop breathes between them. */
export async function readReplica({ pageSize = PAGE_SIZE } = {}): Promise<Replica> {
  const { revision, users, groups, access } = await getDb().$transaction(
    async (tx) => {
      const revision = await readRevision(tx);
      const groups = await readReplicaGroups(tx);
      const access = await readReplicaAccess(tx);
      const users: ReplicaUser[] = [];
      for (let after = FIRST_ID; ; ) {
        const page = await readReplicaUsers(
          tx,
          Prisma.sql`u.id > ${after}::uuid ORDER BY u.id LIMIT ${pageSize}`,
        );
        users.push(...page);
        const last = page.at(-1);
        if (last === undefined || page.length < pageSize) return { revision, users, groups, access };
        after = last.id;
      }
    },
    { isolationLevel: "RepeatableRead", timeout: 60_000 },
  );
  const proxyPasswordKey = deriveKey(PROXY_PASSWORD_PURPOSE).toString("base64");
  return { header: { revision, users: users.length, proxyPasswordKey, groups, access }, users };
}
