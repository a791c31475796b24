import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Where a client wants to go: a canonical IP literal, or a name in lower case without a trailing dot. */
export type Target = { host: string; port: number; isLiteral: boolean };

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;

/**
 * Reads a host as people and attackers write it; null = refuse. Addresses are taken only in their canonical
 * spellings: `127.1`, `0x7f.1`, `0177.0.0.1`, `2130706433` mean other things to other readers.
 */
export function parseTarget(hostText: string, port: number): Target | null {
  if (!Number.isInteger(port) || port < 1 || port > 65535) return null;
  const isBracketed = hostText.startsWith("[") && hostText.endsWith("]");
  const bare = isBracketed ? hostText.slice(1, -1) : hostText;
  if (bare.includes("%")) return null;
  const version = isIP(bare);
  if (version === 6) return { host: canonicalIpv6(bare), port, isLiteral: true };
  if (isBracketed) return null;
  if (version === 4) return { host: bare, port, isLiteral: true };
  const host = bare.toLowerCase().replace(/\.$/, "");
  if (host.length === 0 || host.length > 253) return null;
  const labels = host.split(".");
  if (!labels.every((label) => label.length <= 63 && LABEL.test(label))) return null;
  // WHATWG URL: a last label that is a number makes the whole host an address, and it is not a canonical one.
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")) return null;
  return { host, port, isLiteral: false };
}

/** As people write it. */
export const formatTarget = ({ host, port }: Target): string =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;

/** `host:port` with the port mandatory (CONNECT's authority-form) or with a default. */
export function parseAuthority(text: string, defaultPort: number | null): Target | null {
  const match = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1];
  if (!host) return null;
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  return port === null ? null : parseTarget(host, port);
}

function canonicalIpv6(text: string): string {
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toString();
}
