import type { Invite, UserSecrets } from "#lib/schemas/user.ts";
import { credentialAad } from "#server/credentials/aad.ts";
import { open } from "#server/crypto.ts";
import { getDb } from "#server/db.ts";
import { buildVlessLink } from "#server/xray/links.ts";
import { getInstallation } from "./installation.ts";
import { toUser, type UserRow } from "./user-row.ts";

/** The DTO with what opens the doors, unsealed. `invite` only where this very call made one. */
export async function toUserSecrets(row: UserRow, invite: Invite | null = null): Promise<UserSecrets> {
  const { panelUrl, httpProxyAddress, socksProxyAddress } = getInstallation();
  const [credentials, hosts] = await Promise.all([
    getDb().credential.findMany({ where: { userId: row.id } }),
    getDb().host.findMany({
      where: { isEnabled: true },
      orderBy: [{ inbound: { node: { name: "asc" } } }, { position: "asc" }],
      include: { inbound: { select: { serverName: true, realityPublicKey: true, shortIds: true } } },
    }),
  ]);
  const secretOf = (kind: "vless" | "proxy" | "subscription"): string => {
    const credential = credentials.find((candidate) => candidate.kind === kind);
    if (credential === undefined) throw new Error(`User ${row.id} has no ${kind} credential.`);
    return open(credential.sealed, credentialAad(row.id, kind));
  };
  const vlessId = secretOf("vless");
  const password = secretOf("proxy");
  const login = `${row.name}:${password}`;
  return {
    ...toUser(row),
    vlessLinks: hosts.map((host) =>
      buildVlessLink({
        vlessId,
        host: host.address,
        port: host.port,
        serverName: host.inbound.serverName,
        publicKey: host.inbound.realityPublicKey,
        shortId: host.inbound.shortIds[0] ?? "",
        remark: `${row.name} · ${host.remark}`,
      }),
    ),
    subscriptionUrl: `${panelUrl}/sub/${secretOf("subscription")}`,
    invite,
    proxy: {
      username: row.name,
      password,
      httpUrl: `http://${login}@${httpProxyAddress}`,
      socksUrl: `socks5h://${login}@${socksProxyAddress}`,
    },
  };
}
