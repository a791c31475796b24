import { randomToken, sha256 } from "#server/crypto.ts";
import { getInstallation } from "./installation.ts";

const INVITE_HOURS = 72;

/** A new invite; only the hash is stored, so the URL is shown now or never. */
export function makeInvite(now = Date.now()): {
  url: string;
  tokenHash: Uint8Array<ArrayBuffer>;
  expiresAt: Date;
} {
  const token = randomToken();
  return {
    url: `${getInstallation().panelUrl}/invite/${token}`,
    tokenHash: sha256(token),
    expiresAt: new Date(now + INVITE_HOURS * 3_600_000),
  };
}
