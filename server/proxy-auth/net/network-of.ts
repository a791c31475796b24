import { isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

/** Whom a limit by address means: an IPv6 client owns a whole /64, however the address is written. */
export function networkOf(ip: string): string {
  return ip.includes(":") && isIPv6(ip) ? ipaddr.IPv6.parse(ip).parts.slice(0, 4).join(":") : ip;
}
