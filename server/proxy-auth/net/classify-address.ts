import ipaddr from "ipaddr.js";

const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * True for an address of the public internet. Everything else is private: loopback, RFC 1918, link-local with the
 * clouds' metadata service, CGNAT, multicast, reserved, ULA, and IPv6 forms that carry an IPv4 address (NAT64,
 * 6to4, Teredo, IPv4-compatible), which could smuggle a private one.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== "unicast") return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST_V6);
}
