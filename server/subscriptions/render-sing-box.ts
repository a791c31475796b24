import type { Endpoint } from "./read-endpoints.ts";

/** As SagerNet's own apps and documentation use it. */
const LOCAL_PORT = 2080;

/**
 * A complete config for sing-box ≥ 1.12 (https://sing-box.sagernet.org/configuration/). Plain: a local HTTP and
 * SOCKS port, names resolved at the far end. Tun: the whole device, DNS through the tunnel, the LAN left alone.
 * Without endpoints every connection is refused: traffic must never leave unprotected.
 */
export function renderSingBox(endpoints: readonly Endpoint[], isTun: boolean): string {
  const tags = endpoints.map((endpoint) => endpoint.tag);
  const isEmpty = tags.length === 0;
  const config = {
    log: { level: "warn" },
    dns: {
      servers: [
        { type: "local", tag: "local" },
        ...(isTun && !isEmpty
          ? [{ type: "https", tag: "remote", server: "1.1.1.1", detour: "Causeway" }]
          : []),
      ],
      final: isTun && !isEmpty ? "remote" : "local",
    },
    inbounds: [isTun ? tunInbound : mixedInbound],
    outbounds: [
      ...(isEmpty
        ? []
        : [
            { type: "selector", tag: "Causeway", outbounds: ["auto", ...tags], default: "auto" },
            { type: "urltest", tag: "auto", outbounds: tags, interval: "5m" },
          ]),
      ...endpoints.map(vlessOutbound),
      { type: "direct", tag: "direct" },
    ],
    route: {
      rules: isEmpty ? [{ action: "reject" }] : isTun ? tunRules : [],
      final: isEmpty ? "direct" : "Causeway",
      // The server's own name cannot be asked for through the tunnel it opens.
      default_domain_resolver: "local",
      auto_detect_interface: isTun,
    },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

const mixedInbound = { type: "mixed", tag: "local-proxy", listen: "127.0.0.1", listen_port: LOCAL_PORT };
const tunInbound = {
  type: "tun",
  tag: "tun",
  address: ["172.19.0.1/30", "fdfe:dcba:9876::1/126"],
  auto_route: true,
  strict_route: true,
};
const tunRules = [
  { action: "sniff" },
  { protocol: "dns", action: "hijack-dns" },
  { ip_is_private: true, outbound: "direct" },
];

function vlessOutbound(endpoint: Endpoint) {
  return {
    type: "vless",
    tag: endpoint.tag,
    server: endpoint.host,
    server_port: endpoint.port,
    uuid: endpoint.vlessId,
    flow: "xtls-rprx-vision",
    packet_encoding: "xudp",
    tls: {
      enabled: true,
      server_name: endpoint.serverName,
      utls: { enabled: true, fingerprint: "chrome" },
      reality: { enabled: true, public_key: endpoint.publicKey, short_id: endpoint.shortId },
    },
  };
}
