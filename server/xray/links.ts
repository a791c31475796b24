export type VlessLink = {
  vlessId: string;
  host: string;
  port: number;
  /** Reality's server name (`sni`). */
  serverName: string;
  /** X25519 public key, base64url (`pbk`). */
  publicKey: string;
  shortId: string;
  remark: string;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** VLESS share link for raw + Reality + Vision (Xray discussion #716). An IPv6 host goes in brackets. */
export function buildVlessLink(link: VlessLink): string {
  const host = link.host.includes(":") ? `[${link.host}]` : link.host;
  const parameters = {
    encryption: "none",
    flow: "xtls-rprx-vision",
    type: "tcp",
    security: "reality",
    sni: link.serverName,
    fp: "chrome",
    pbk: link.publicKey,
    sid: link.shortId,
  };
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  return `vless://${link.vlessId}@${host}:${link.port}?${query}#${encodeURIComponent(link.remark)}`;
}

/** Reads a link of this kind; throws with what is wrong. */
export function parseVlessLink(text: string): VlessLink {
  const match = /^vless:\/\/([^@]+)@(\[[0-9a-fA-F:.]+\]|[^:?#[\]]+):(\d{1,5})\/?\?([^#]*)(?:#(.*))?$/s.exec(
    text,
  );
  if (!match) throw new Error("This is not a vless:// link with a host, a port and settings.");
  const [, vlessId = "", host = "", port = "", query = "", remark = ""] = match;
  if (!UUID.test(vlessId)) throw new Error("The link's user id is not a UUID.");
  if (Number(port) < 1 || Number(port) > 65535)
    throw new Error("The link's port is not between 1 and 65535.");
  const parameters = new Map(
    query.split("&").map((pair) => {
      const [name = "", ...rest] = pair.split("=");
      return [name, decodeURIComponent(rest.join("="))] as const;
    }),
  );
  const expect = (name: string, value: string) => {
    if (parameters.get(name) !== value) throw new Error(`The link's ${name} is not ${value}.`);
  };
  expect("security", "reality");
  expect("type", "tcp");
  expect("flow", "xtls-rprx-vision");
  const need = (name: string) => {
    const value = parameters.get(name);
    if (!value) throw new Error(`The link has no ${name}.`);
    return value;
  };
  return {
    vlessId,
    host: host.startsWith("[") ? host.slice(1, -1) : host,
    port: Number(port),
    serverName: need("sni"),
    publicKey: need("pbk"),
    shortId: need("sid"),
    remark: decodeURIComponent(remark),
  };
}
