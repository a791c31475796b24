import { createHash, createPublicKey } from "node:crypto";
import type { RegisteredJwtKey, RegisterJwtKeyInput } from "#lib/schemas/jwks.ts";
import { getDb } from "#server/db.ts";
import { conflict, invalidInput } from "#server/errors.ts";

const LEASE_SECONDS = 900;
/** One or two keys a process, and those of processes that are gone, for 15 minutes. */
const MAX_KEYS = 128;

/**
 * Publishes a key of proxy-auth, or renews its lease; keys of processes that are gone leave by themselves. The kid must
 * be the key's thumbprint, so that nobody can put another key in its place.
 */
export async function registerJwtKey(options: {
  input: RegisterJwtKeyInput;
  now?: number;
}): Promise<RegisteredJwtKey> {
  const { input, now = Date.now() } = options;
  checkKey(input);
  const expiresAt = new Date(now + LEASE_SECONDS * 1_000);
  const db = getDb();
  await db.jwtKey.deleteMany({ where: { expiresAt: { lte: new Date(now) } } });
  const { count } = await db.jwtKey.updateMany({ where: { kid: input.kid }, data: { expiresAt } });
  if (count > 0) return { isNew: false, leaseSeconds: LEASE_SECONDS };
  if ((await db.jwtKey.count()) >= MAX_KEYS)
    throw conflict("Too many signing keys are published. Look for a proxy-auth that restarts all the time.");
  await db.jwtKey.upsert({
    where: { kid: input.kid },
    create: { ...input, expiresAt },
    update: { expiresAt },
  });
  return { isNew: true, leaseSeconds: LEASE_SECONDS };
}

function checkKey({ kid, x, y }: RegisterJwtKeyInput): void {
  const thumbprint = createHash("sha256").update(JSON.stringify({ crv: "P-256", kty: "EC", x, y }));
  if (thumbprint.digest("base64url") !== kid) throw invalidInput("The kid is not the key's thumbprint.");
  try {
    createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  } catch {
    throw invalidInput("This is no point of P-256.");
  }
}
