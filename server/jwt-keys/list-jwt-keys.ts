import type { Jwks } from "#lib/schemas/jwks.ts";
import { getDb } from "#server/db.ts";

/** The key set that upstreams check tokens with (RFC 7517), newest first. */
export async function listJwtKeys({ now = Date.now() }: { now?: number } = {}): Promise<Jwks> {
  const rows = await getDb().jwtKey.findMany({
    where: { expiresAt: { gt: new Date(now) } },
    orderBy: [{ createdAt: "desc" }, { kid: "asc" }],
    select: { kid: true, x: true, y: true },
  });
  return { keys: rows.map((key) => ({ kty: "EC", crv: "P-256", ...key, alg: "ES256", use: "sig" })) };
}
