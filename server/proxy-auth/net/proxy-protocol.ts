import ipaddr from "ipaddr.js";

const SIGNATURE = Buffer.from("0d0a0d0a000d0a515549540a", "hex");
/** Fixed part: signature, version and command, family, length. */
const FIXED_LENGTH = 16;
/** Addresses are at most 36 bytes for IP; the rest are TLVs, which Traefik does not send. */
const MAX_PAYLOAD = 2048;

export type ClientAddress = { address: string; port: number };
export type ProxyHeader =
  | { kind: "partial" }
  | { kind: "invalid"; reason: string }
  /** `client` null: LOCAL or an address family that names no client (a health check by the proxy itself). */
  | { kind: "complete"; length: number; client: ClientAddress | null };

const PARTIAL: ProxyHeader = { kind: "partial" };
const invalid = (reason: string): ProxyHeader => ({ kind: "invalid", reason });

/**
 * PROXY protocol version 2 (haproxy's proxy-protocol.txt §2.2), incrementally: give it all bytes read so far.
 * Wrong bytes are refused at the first one that differs; TLVs are skipped.
 */
export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  const compared = Math.min(bytes.length, SIGNATURE.length);
  if (bytes.compare(SIGNATURE, 0, compared, 0, compared) !== 0) return invalid("no PROXY v2 signature");
  if (bytes.length < 13) return PARTIAL;
  const versionAndCommand = bytes.readUInt8(12);
  if (versionAndCommand !== 0x20 && versionAndCommand !== 0x21) return invalid("unknown version or command");
  if (bytes.length < FIXED_LENGTH) return PARTIAL;
  const family = bytes.readUInt8(13);
  const payloadLength = bytes.readUInt16BE(14);
  if (payloadLength > MAX_PAYLOAD) return invalid("header too long");
  const isLocal = versionAndCommand === 0x20;
  if (!isLocal && family !== 0x11 && family !== 0x21 && family !== 0) {
    return invalid("neither TCP over IPv4 nor over IPv6");
  }
  const addressLength = family === 0x11 ? 12 : 36;
  const hasClient = !isLocal && family !== 0;
  if (hasClient && payloadLength < addressLength) return invalid("addresses cut short");
  const length = FIXED_LENGTH + payloadLength;
  if (bytes.length < length) return PARTIAL;
  return { kind: "complete", length, client: hasClient ? readSource(bytes, family) : null };
}

function readSource(bytes: Buffer, family: number): ClientAddress {
  if (family === 0x11) {
    return { address: `${bytes[16]}.${bytes[17]}.${bytes[18]}.${bytes[19]}`, port: bytes.readUInt16BE(24) };
  }
  const address = ipaddr.fromByteArray(Array.from(bytes.subarray(16, 32)));
  const plain =
    address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
  return { address: plain.toString(), port: bytes.readUInt16BE(48) };
}
