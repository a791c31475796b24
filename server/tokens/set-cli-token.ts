import { getDb } from "#server/db.ts";

const NAME = "local-cli";

/** The CLI's token of this machine (SHA-256 in hex), renewed at every start: earlier ones stop working. */
export async function setCliToken({ tokenHash }: { tokenHash: string }): Promise<void> {
  const hash = Uint8Array.from(Buffer.from(tokenHash, "hex"));
  await getDb().$transaction([
    getDb().apiToken.deleteMany({ where: { userId: null, name: NAME } }),
    getDb().apiToken.create({ data: { name: NAME, tokenHash: hash, scopes: ["read", "write"] } }),
  ]);
}
