import { Document, Scalar } from "yaml";
import type { Endpoint } from "./read-endpoints.ts";

const LAN_RULES = [
  "IP-CIDR,127.0.0.0/8,DIRECT,no-resolve",
  "IP-CIDR,10.0.0.0/8,DIRECT,no-resolve",
  "IP-CIDR,172.16.0.0/12,DIRECT,no-resolve",
  "IP-CIDR,192.168.0.0/16,DIRECT,no-resolve",
  "IP-CIDR,169.254.0.0/16,DIRECT,no-resolve",
  "IP-CIDR6,::1/128,DIRECT,no-resolve",
  "IP-CIDR6,fc00::/7,DIRECT,no-resolve",
  "IP-CIDR6,fe80::/10,DIRECT,no-resolve",
];

/** A complete profile for mihomo and its apps (https://wiki.metacubex.one/en/config/). Nothing enabled: all refused. */
export function renderMihomo(endpoints: readonly Endpoint[]): string {
  const names = endpoints.map((endpoint) => endpoint.tag);
  const isEmpty = names.length === 0;
  const config = {
    "mixed-port": 7890,
    "allow-lan": false,
    mode: "rule",
    "log-level": "warning",
    ipv6: true,
    dns: {
      enable: true,
      ipv6: true,
      "enhanced-mode": "fake-ip",
      "fake-ip-range": "198.18.0.1/16",
      "default-nameserver": ["system"],
      "proxy-server-nameserver": ["system"],
      nameserver: isEmpty ? ["system"] : ["https://1.1.1.1/dns-query#Causeway"],
    },
    proxies: endpoints.map(proxy),
    "proxy-groups": isEmpty
      ? []
      : [
          { name: "Causeway", type: "select", proxies: ["auto", ...names] },
          {
            name: "auto",
            type: "fallback",
            url: "https://www.gstatic.com/generate_204",
            interval: 300,
            proxies: names,
          },
        ],
    rules: [...LAN_RULES, `MATCH,${isEmpty ? "REJECT" : "Causeway"}`],
  };
  return new Document(config).toString({ lineWidth: 0 });
}

function proxy(endpoint: Endpoint) {
  return {
    name: quoted(endpoint.tag),
    type: "vless",
    server: endpoint.host,
    port: endpoint.port,
    uuid: quoted(endpoint.vlessId),
    network: "tcp",
    udp: true,
    tls: true,
    flow: "xtls-rprx-vision",
    "packet-encoding": "xudp",
    servername: endpoint.serverName,
    "client-fingerprint": "chrome",
    "reality-opts": { "public-key": quoted(endpoint.publicKey), "short-id": quoted(endpoint.shortId) },
  };
}

/** A short id like 00112233 or 1e5 would be a number to some YAML readers. */
function quoted(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}
