import { BlockList, isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** `::ffff:192.0.2.1` (a dual-stack listener's view of an IPv4 peer) → `192.0.2.1`. */
export function normalizeAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

/** `10.0.0.0/8` or a single address → address and prefix length. Throws in words. */
export function parseCidr(text: string): { address: string; prefix: number; family: "ipv4" | "ipv6" } {
  const [address = "", prefixText, ...rest] = text.split("/");
  const version = isIP(address);
  const widest = version === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? widest : Number(prefixText);
  const isPrefixRight = prefixText === undefined || (/^\d{1,3}$/.test(prefixText) && prefix <= widest);
  if (version === 0 || address.includes("%") || !isPrefixRight || rest.length > 0) {
    throw new Error(`“${text}” is no address or CIDR: write it like 10.0.0.0/8 or fd00::/8.`);
  }
  const kind = version === 4 ? "ipv4" : "ipv6";
  return { address: ipaddr.parse(address).toString(), prefix, family: kind };
}

export type AddressList = (address: string) => boolean;

/** A set of addresses and CIDRs. IPv4-mapped addresses count as IPv4. */
export function createAddressList(items: readonly string[]): AddressList {
  const list = new BlockList();
  for (const item of items) {
    const { address, prefix, family } = parseCidr(item);
    list.addSubnet(address, prefix, family);
  }
  // Mostly one address asks again and again: the reverse proxy's.
  let asked = "";
  let answer = false;
  return (address) => {
    if (address === asked) return answer;
    const plain = normalizeAddress(address);
    const version = isIP(plain);
    asked = address;
    answer = version !== 0 && list.check(plain, version === 4 ? "ipv4" : "ipv6");
    return answer;
  };
}
