import { randomBytes, randomUUID } from "node:crypto";
import type { CredentialKind } from "#lib/schemas/user.ts";
import { keyedHash, randomToken, seal } from "#server/crypto.ts";
import { credentialAad } from "./aad.ts";

/** Purpose of the key that proxy-auth gets to check proxy passwords by itself. */
export const PROXY_PASSWORD_PURPOSE = "proxy-password";

const LOOKUP = {
  vless: "vless-lookup",
  proxy: PROXY_PASSWORD_PURPOSE,
  subscription: "subscription-lookup",
} as const satisfies Record<CredentialKind, string>;

export const credentialHash = (kind: CredentialKind, secret: string): Uint8Array<ArrayBuffer> =>
  keyedHash(LOOKUP[kind], secret);

/** A new secret of this kind and its row. A proxy password is 24 URL-safe characters: it stands in proxy URLs. */
export function makeCredential(userId: string, kind: CredentialKind) {
  const secret =
    kind === "vless"
      ? randomUUID()
      : kind === "proxy"
        ? randomBytes(18).toString("base64url")
        : randomToken();
  const row = {
    userId,
    kind,
    sealed: seal(secret, credentialAad(userId, kind)),
    lookupHash: credentialHash(kind, secret),
  };
  return { secret, row };
}
