import { randomToken, sha256 } from "#server/crypto.ts";

const VALID_MS = 24 * 3_600_000;

/** A secret that lets one machine become one node, once, within a day; the database holds its hash. */
export function makeEnrolmentSecret(now = Date.now()) {
  const secret = randomToken();
  return { secret, row: { tokenHash: sha256(secret), expiresAt: new Date(now + VALID_MS) } };
}

/** What a node's certificate is for and nothing else: made of its id, so that no chosen name can be another's. */
export const certificateNameOf = (nodeId: string): string => `${nodeId}.node.causeway.internal`;
