import { parseVlessLink } from "./links.ts";

/** Xray as a client of a link, with a local SOCKS5 (and HTTP) listener: for self-checks and tests. */
export function renderClientConfig(input: { link: string; socksPort: number; httpPort?: number }): string {
  const link = parseVlessLink(input.link);
  const inbounds: object[] = [
    { tag: "socks", listen: "127.0.0.1", port: input.socksPort, protocol: "socks", settings: { udp: true } },
  ];
  if (input.httpPort !== undefined) {
    inbounds.push({ tag: "http", listen: "127.0.0.1", port: input.httpPort, protocol: "http" });
  }
  return JSON.stringify({
    log: { loglevel: "warning" },
    inbounds,
    outbounds: [
      {
        tag: "vpn",
        protocol: "vless",
        settings: {
          address: link.host,
          port: link.port,
          id: link.vlessId,
          encryption: "none",
          flow: "xtls-rprx-vision",
        },
        streamSettings: {
          method: "raw",
          security: "reality",
          realitySettings: {
            serverName: link.serverName,
            fingerprint: "chrome",
            publicKey: link.publicKey,
            shortId: link.shortId,
            spiderX: "/",
          },
        },
      },
    ],
  });
}
