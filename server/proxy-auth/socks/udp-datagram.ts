import { isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";
import { parseTarget, type Target } from "../net/target.ts";

/** RSV, FRAG, ATYP, DST.ADDR, DST.PORT, DATA (RFC 1928 §7). */
export type UdpDatagram = { target: Target; payload: Buffer };

/** null = drop: no datagram of SOCKS, a fragment, or an address that cannot be read. */
export function parseUdpDatagram(bytes: Buffer): UdpDatagram | null {
  if (bytes.length < 5 || bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== 0) return null;
  const type = bytes[3];
  const hostAt = type === 3 ? 5 : 4;
  const hostLength = type === 1 ? 4 : type === 4 ? 16 : type === 3 ? (bytes[4] ?? 0) : -1;
  const portAt = hostAt + hostLength;
  if (hostLength < 0 || bytes.length < portAt + 2) return null;
  const raw = bytes.subarray(hostAt, portAt);
  const host = type === 3 ? raw.toString("latin1") : ipaddr.fromByteArray([...raw]).toString();
  const target = parseTarget(host, bytes.readUInt16BE(portAt));
  return target && { target, payload: bytes.subarray(portAt + 2) };
}

/** What a target sent, as the client gets it: behind its real address. */
export function wrapUdpDatagram(address: string, port: number, payload: Buffer): Buffer {
  const host = ipaddr.parse(address).toByteArray();
  const head = Buffer.from([0, 0, 0, isIPv4(address) ? 1 : 4, ...host, port >> 8, port & 255]);
  return Buffer.concat([head, payload]);
}
