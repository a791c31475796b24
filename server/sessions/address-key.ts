import { isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

/** What limits count by: an IPv6 client owns a whole /64, so that is one address. */
export function addressKey(ip: string | null): string {
  if (ip === null) return "unknown";
  if (!isIPv6(ip)) return ip;
  const address = ipaddr.process(ip);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return `${address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(":")}::/64`;
}
