import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * Next adds X-Forwarded-For itself (the socket's address) where there is none, and web listens where only
 * Traefik reaches it: so the last hop is true. Hops that are our own proxies are skipped from the right.
 */
export function clientIp(headers: Headers, trustedProxies: readonly string[]): string | null {
  const hops = (headers.get("x-forwarded-for") ?? "")
    .split(",")
    .map((hop) => plainAddress(hop.trim()))
    .filter((hop) => hop !== null);
  const outside = hops.findLast((hop) => !isTrusted(hop, trustedProxies));
  return outside ?? hops[0] ?? null;
}

function plainAddress(text: string): string | null {
  if (isIP(text) === 0) return null;
  return ipaddr.process(text).toString();
}

function isTrusted(address: string, trusted: readonly string[]): boolean {
  const parsed = ipaddr.process(address);
  return trusted.some((entry) => {
    if (!entry.includes("/")) return isIP(entry) !== 0 && ipaddr.process(entry).toString() === address;
    const [range, bits] = ipaddr.parseCIDR(entry);
    return range.kind() === parsed.kind() && parsed.match(range, bits);
  });
}
