import ipaddr from "ipaddr.js";
import { parseTarget, type Target } from "../net/target.ts";

export type SocksStep =
  | { kind: "partial" }
  /** Methods offered: answer 05 02 when username/password (RFC 1929) is among them, else 05 FF and close. */
  | { kind: "methods"; offersPassword: boolean }
  | { kind: "credentials"; name: string; password: string }
  | { kind: "request"; command: number; target: Target | null }
  /** `reply` is sent before the close; empty where no reply of the protocol fits. */
  | { kind: "invalid"; reason: string; reply: Buffer };

const PARTIAL: SocksStep = { kind: "partial" };
const NOTHING = Buffer.alloc(0);

/**
 * The client's side of a SOCKS5 handshake (RFC 1928, 1929), in whatever pieces it comes: `push` bytes, call `next`
 * until it is partial. What follows the request stays in `rest`.
 */
export class SocksHandshake {
  #bytes: Buffer = NOTHING;
  #stage: "methods" | "credentials" | "request" | "done" = "methods";

  get isEmpty(): boolean {
    return this.#bytes.length === 0 && this.#stage === "methods";
  }

  /** Bytes behind the request: the origin's. */
  get rest(): Buffer {
    return this.#bytes;
  }

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
  }

  next(): SocksStep {
    if (this.#stage === "methods") return this.#readMethods();
    if (this.#stage === "credentials") return this.#readCredentials();
    if (this.#stage === "request") return this.#readRequest();
    return PARTIAL;
  }

  #readMethods(): SocksStep {
    const bytes = this.#bytes;
    if (bytes.length === 0) return PARTIAL;
    if (bytes[0] === 4) {
      // SOCKS4 knows "rejected": an old client then says so instead of hanging.
      return { kind: "invalid", reason: "SOCKS4", reply: Buffer.from([0, 0x5b, 0, 0, 0, 0, 0, 0]) };
    }
    if (bytes[0] !== 5) return { kind: "invalid", reason: "not SOCKS5", reply: NOTHING };
    const count = bytes[1];
    if (count === undefined || bytes.length < 2 + count) return PARTIAL;
    const offersPassword = bytes.subarray(2, 2 + count).includes(2);
    this.#take(2 + count, "credentials");
    return { kind: "methods", offersPassword };
  }

  #readCredentials(): SocksStep {
    const bytes = this.#bytes;
    if (bytes.length === 0) return PARTIAL;
    if (bytes[0] !== 1) return { kind: "invalid", reason: "not RFC 1929", reply: Buffer.from([1, 1]) };
    const nameLength = bytes[1];
    if (nameLength === undefined) return PARTIAL;
    const passwordLength = bytes[2 + nameLength];
    if (passwordLength === undefined) return PARTIAL;
    const passwordAt = 3 + nameLength;
    const end = passwordAt + passwordLength;
    if (bytes.length < end) return PARTIAL;
    const name = bytes.toString("utf8", 2, 2 + nameLength);
    const password = bytes.toString("utf8", passwordAt, end);
    this.#take(end, "request");
    return { kind: "credentials", name, password };
  }

  #readRequest(): SocksStep {
    const bytes = this.#bytes;
    if (bytes.length > 0 && bytes[0] !== 5)
      return { kind: "invalid", reason: "not SOCKS5", reply: socksReply(0x01) };
    const addressType = bytes[3];
    if (addressType === undefined) return PARTIAL;
    let hostAt = 4;
    let hostLength = 0;
    if (addressType === 1) hostLength = 4;
    else if (addressType === 4) hostLength = 16;
    else if (addressType === 3) {
      const nameLength = bytes[4];
      if (nameLength === undefined) return PARTIAL;
      hostAt = 5;
      hostLength = nameLength;
    } else return { kind: "invalid", reason: "unknown address type", reply: socksReply(0x08) };
    const portAt = hostAt + hostLength;
    if (bytes.length < portAt + 2) return PARTIAL;
    const raw = bytes.subarray(hostAt, portAt);
    const host = addressType === 3 ? raw.toString("latin1") : ipaddr.fromByteArray([...raw]).toString();
    const target = parseTarget(host, bytes.readUInt16BE(portAt));
    const command = bytes.readUInt8(1);
    this.#take(portAt + 2, "done");
    return { kind: "request", command, target };
  }

  #take(length: number, stage: "credentials" | "request" | "done"): void {
    this.#bytes = this.#bytes.subarray(length);
    this.#stage = stage;
  }
}

/** Always at full length: a short reply leaves clients waiting. BND is 0.0.0.0:0 where nothing else is meant. */
export function socksReply(code: number, address = "", port = 0): Buffer {
  const bound = ipaddr.isValid(address) ? ipaddr.parse(address).toByteArray() : [0, 0, 0, 0];
  return Buffer.from([5, code, 0, bound.length === 4 ? 1 : 4, ...bound, port >> 8, port & 255]);
}
