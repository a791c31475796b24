import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** DER with short lengths: enough for one host name. */
function der(tag: number, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Uint8Array.from([tag, ...length, ...body]);
}

const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
const subtree = (tag: number, value: Uint8Array) => der(0x30, der(tag, value));

/**
 * Value of the extension nameConstraints (RFC 5280 §4.2.1.10): this host and nothing else. A kind of name that
 * is not mentioned would be free, so the other kind is excluded whole.
 */
export function encodeNameConstraints(host: string): Uint8Array<ArrayBuffer> {
  if (isIP(host) === 0) {
    const everyAddress = [subtree(IP_ADDRESS, new Uint8Array(8)), subtree(IP_ADDRESS, new Uint8Array(32))];
    return der(0x30, der(0xa0, subtree(DNS_NAME, Buffer.from(host, "ascii"))), der(0xa1, ...everyAddress));
  }
  const address = Uint8Array.from(ipaddr.parse(host).toByteArray());
  const mask = new Uint8Array(address.length).fill(0xff);
  const everyName = subtree(DNS_NAME, new Uint8Array(0));
  return der(0x30, der(0xa0, subtree(IP_ADDRESS, Buffer.concat([address, mask]))), der(0xa1, everyName));
}
