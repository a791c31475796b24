import type { z } from "zod";
import type { userByNameSchema } from "#lib/schemas/internal.ts";
import { getDb } from "#server/db.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { readRevision } from "./read-revision.ts";
import { readReplicaUsers } from "./replica-user.ts";

/** One user as proxy-auth holds it, and the revision it was read at; for a name that its replica does not know. */
export async function findReplicaUser({ name }: { name: string }): Promise<z.infer<typeof userByNameSchema>> {
  return getDb().$transaction(
    async (tx) => {
      const revision = await readRevision(tx);
      const [user] = await readReplicaUsers(tx, Prisma.sql`u.name = ${name}`);
      return { revision, user: user ?? null };
    },
    { isolationLevel: "RepeatableRead" },
  );
}
