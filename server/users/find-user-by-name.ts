import type { ReplicaUser } from "#lib/schemas/internal.ts";
import { readRevision } from "#server/changes/read-revision.ts";
import { readReplicaUsers } from "#server/changes/replica-user.ts";
import { getDb } from "#server/db.ts";
import { Prisma } from "#server/generated/prisma/client.ts";

/** One user as proxy-auth holds them, for a name its replica does not know (yet). */
export async function findUserByName({
  name,
}: {
  name: string;
}): Promise<{ revision: number; user: ReplicaUser | null }> {
  // The revision is read first: the row may be newer than it says, never older.
  const revision = await readRevision();
  const [user] = await readReplicaUsers(getDb(), Prisma.sql`u.name = ${name}`);
  return { revision, user: user ?? null };
}
