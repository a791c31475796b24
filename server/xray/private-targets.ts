import { isIP } from "node:net";

/** One item of ALLOWED_PRIVATE_TARGETS: `CIDR`, `CIDR:port`, `[v6 CIDR]:port`; a bare address is its own CIDR. */
export type AllowedTarget = { cidr: string; port: number | null };

/** What VPN users never reach unless allowed: this machine, its networks, and their IPv6 disguises. */
const PRIVATE_CIDRS = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  "::/127",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
  // NAT64 and 6to4 forms of 0/8, 10/8, 100.64/10, 127/8, 169.254/16, 172.16/12 and 192.168/16.
  "64:ff9b::/104",
  "64:ff9b::a00:0/104",
  "64:ff9b::6440:0/106",
  "64:ff9b::7f00:0/104",
  "64:ff9b::a9fe:0/112",
  "64:ff9b::ac10:0/108",
  "64:ff9b::c0a8:0/112",
  "64:ff9b:1::/48",
  "2002::/24",
  "2002:a00::/24",
  "2002:6440::/26",
  "2002:7f00::/24",
  "2002:a9fe::/32",
  "2002:ac10::/28",
  "2002:c0a8::/32",
];

export function parseAllowedTarget(text: string): AllowedTarget {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  const plain = /^([^:]+)(?::(\d+))?$/.exec(text);
  const [, cidr = text, port] = bracketed ?? plain ?? [];
  const [address = "", prefix, ...rest] = cidr.split("/");
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const isPrefixGood = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
  const isPortGood = port === undefined || (Number(port) >= 1 && Number(port) <= 65535);
  if (family === 0 || !isPrefixGood || rest.length > 0 || !isPortGood) {
    throw new Error(`ALLOWED_PRIVATE_TARGETS: “${text}” is not CIDR or CIDR:port, such as 10.1.2.0/24:443.`);
  }
  return { cidr: prefix === undefined ? `${address}/${bits}` : cidr, port: port ? Number(port) : null };
}

export type FinalRule = { action: "allow" | "block"; ip?: string[]; port?: string; blockDelay?: string };

/**
 * Freedom's `finalRules`, matched on the resolved address it is about to dial; the first match decides. An address
 * with its port beats our own listeners, which beat an allowed network, which beats the private networks.
 */
export function buildFinalRules(options: {
  allowedPrivateTargets: readonly string[];
  ownPorts: readonly number[];
  ownAddresses: readonly string[];
}): FinalRule[] {
  const allowed = options.allowedPrivateTargets.map(parseAllowedTarget);
  const rules: FinalRule[] = [];
  for (const { cidr, port } of allowed) {
    if (port !== null) rules.push({ action: "allow", ip: [cidr], port: String(port) });
  }
  if (options.ownPorts.length > 0) {
    const own = new Set(["127.0.0.0/8", "0.0.0.0/8", "::/127", ...options.ownAddresses]);
    rules.push({ action: "block", ip: [...own], port: options.ownPorts.join(","), blockDelay: "0" });
  }
  const networks = allowed.filter(({ port }) => port === null).map(({ cidr }) => cidr);
  if (networks.length > 0) rules.push({ action: "allow", ip: networks });
  rules.push({ action: "block", ip: PRIVATE_CIDRS, blockDelay: "0" });
  return rules;
}
