import type { CredentialKind } from "#lib/schemas/user.ts";

/** What a sealed credential is bound to: table, row, column. */
export const credentialAad = (userId: string, kind: CredentialKind): string =>
  `credential.${userId}.${kind}.sealed`;
export const vlessAad = (userId: string): string => credentialAad(userId, "vless");
