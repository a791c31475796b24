import type { ReplicaUser } from "#lib/schemas/internal.ts";
import type { Role, UserStatus } from "#lib/schemas/user.ts";
import { Prisma } from "#server/generated/prisma/client.ts";

type Row = {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  status: UserStatus;
  expiresAt: Date | null;
  limitBytes: bigint | null;
  usedBytes: bigint;
  proxyHash: string;
};

/** Users as proxy-auth holds them. `rest` is what follows FROM … WHERE. */
export async function readReplicaUsers(
  tx: Prisma.TransactionClient,
  rest: Prisma.Sql,
): Promise<ReplicaUser[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT u.id, u.name, u.email, u.role::text AS role, u.status::text AS status,
      u.expires_at AS "expiresAt", u.limit_bytes AS "limitBytes",
      t.vpn_up + t.vpn_down + t.http_up + t.http_down + t.socks_up + t.socks_down AS "usedBytes",
      encode(c.lookup_hash, 'base64') AS "proxyHash"
    FROM "user" u
    JOIN credential c ON c.user_id = u.id AND c.kind = 'proxy'
    JOIN user_usage t ON t.user_id = u.id
    WHERE ${rest}`;
  return rows.map((row) => ({
    ...row,
    expiresAt: row.expiresAt?.getTime() ?? null,
    limitBytes: row.limitBytes === null ? null : Number(row.limitBytes),
    usedBytes: Number(row.usedBytes),
  }));
}

export const byIds = (ids: string[]): Prisma.Sql => Prisma.sql`u.id = ANY(${ids}::uuid[])`;
