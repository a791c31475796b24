import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { readFileSync } from "node:fs";

/** Subkeys: one a purpose, so that a leak of one opens nothing else. Never rename: data depends on them. */
export type KeyPurpose = "seal" | "vless-lookup" | "proxy-password" | "subscription-lookup";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of a ciphertext; a second master key gets the next number. */
const KEY_ID = 1;

const holder = globalThis as { causewayKeys?: { master: Buffer; derived: Map<KeyPurpose, Buffer> } };

/** Reads the master key: 32 bytes as base64 or hex text. Called once, by the program's main. */
export function loadMasterKey(path: string): void {
  const text = readFileSync(path, "utf8").trim();
  const master = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64");
  if (master.length !== KEY_BYTES) throw new Error(`${path} must hold 32 bytes in base64 or hex.`);
  holder.causewayKeys = { master, derived: new Map() };
}

/** HKDF-SHA-256 (RFC 5869) of the master key for one purpose; 32 bytes. */
export function deriveKey(purpose: KeyPurpose): Buffer {
  const keys = holder.causewayKeys;
  if (keys === undefined) throw new Error("loadMasterKey was not called before the first use of a key.");
  let key = keys.derived.get(purpose);
  if (key === undefined) {
    key = Buffer.from(hkdfSync("sha256", keys.master, "", `causeway/${purpose}`, KEY_BYTES));
    keys.derived.set(purpose, key);
  }
  return key;
}

/** AES-256-GCM: key id, nonce, tag, ciphertext. `aad` = table.row.column, so that it opens only where it was put. */
export function seal(plain: string, aad: string): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", deriveKey("seal"), nonce);
  cipher.setAAD(Buffer.from(aad));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return Uint8Array.from(Buffer.concat([Buffer.of(KEY_ID), nonce, cipher.getAuthTag(), body]));
}

/** Throws when the bytes were sealed with another key, for another place, or changed. */
export function open(sealed: Uint8Array, aad: string): string {
  const bytes = Buffer.from(sealed);
  if (bytes[0] !== KEY_ID) throw new Error(`Sealed with an unknown key (id ${bytes[0]}).`);
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
  const tag = bytes.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", deriveKey("seal"), nonce);
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(tag);
  const body = bytes.subarray(1 + NONCE_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
}

/** HMAC-SHA-256 under the purpose's subkey: what a secret is looked up by. */
export function keyedHash(purpose: KeyPurpose, text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHmac("sha256", deriveKey(purpose)).update(text).digest());
}

export const sha256 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(createHash("sha256").update(text).digest());

export const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");

/** 32 random bytes in base64url (43 characters): sessions, tokens, invites, subscriptions. */
export const randomToken = (): string => randomBytes(32).toString("base64url");

/** Equal in constant time, also when the lengths differ. */
export function isEqualSecret(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
