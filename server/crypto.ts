import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { readFileSync, statSync } from "node:fs";

type Key = { id: Buffer; secret: Buffer; seal: Buffer };
/** The first key seals; older ones only open. On globalThis because Next bundles this module more than once. */
const holder = globalThis as { causewayKeys?: Key[] };

const VERSION = 1;
const ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + ID_BYTES + IV_BYTES;

/** Reads MASTER_KEY_FILE: 32 bytes in hex or base64 a line, the current key first, retired ones below. */
export function loadMasterKey(path: string): void {
  if ((statSync(path).mode & 0o077) !== 0)
    throw new Error(`Others can read the master key. Run: chmod 600 ${path}`);
  const lines = readFileSync(path, "utf8").split("\n");
  setMasterKeys(lines.map((line) => line.trim()).filter((line) => line !== ""));
}

export function setMasterKeys(texts: string[]): void {
  const keys = texts.map((text) => {
    const secret = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? "hex" : "base64");
    if (secret.length !== 32) throw new Error("A master key is 32 bytes in hex or base64, one key a line.");
    return { id: hkdf(secret, "key id").subarray(0, ID_BYTES), secret, seal: hkdf(secret, "seal") };
  });
  if (keys.length === 0) throw new Error("The master key file is empty.");
  holder.causewayKeys = keys;
}

function currentKey(): Key {
  const key = holder.causewayKeys?.[0];
  if (!key) throw new Error("Call loadMasterKey(path) at start, before anything is sealed or opened.");
  return key;
}

function hkdf(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "causeway", purpose, 32));
}

/** A subkey for one purpose (HKDF-SHA256, RFC 5869). */
export function deriveKey(purpose: string): Buffer {
  return hkdf(currentKey().secret, purpose);
}

/**
 * AES-256-GCM. `aad` = "table.column.row" binds the text to its place: a sealed value copied to another row
 * does not open. Layout: version 1 | key id 4 | iv 12 | ciphertext | tag 16.
 */
export function seal(plain: string, aad: string): Uint8Array<ArrayBuffer> {
  const key = currentKey();
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.seal, iv).setAAD(Buffer.from(aad));
  const parts = [
    Buffer.of(VERSION),
    key.id,
    iv,
    cipher.update(plain, "utf8"),
    cipher.final(),
    cipher.getAuthTag(),
  ];
  return Uint8Array.from(Buffer.concat(parts));
}

/** Throws when the key is missing, or the value was changed or moved. */
export function open(sealed: Uint8Array, aad: string): string {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < HEADER_BYTES + TAG_BYTES || bytes[0] !== VERSION)
    throw new Error(`${aad} is not a sealed value.`);
  const id = bytes.subarray(1, 1 + ID_BYTES);
  const key = holder.causewayKeys?.find((candidate) => candidate.id.equals(id));
  if (!key) throw new Error(`${aad} was sealed with another master key (id ${id.toString("hex")}).`);
  const iv = bytes.subarray(1 + ID_BYTES, HEADER_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key.seal, iv)
    .setAAD(Buffer.from(aad))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return (
    decipher.update(bytes.subarray(HEADER_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8")
  );
}

/** HMAC-SHA-256 under the purpose's subkey: finds a secret without storing it. */
export function keyedHash(purpose: string, text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHmac("sha256", deriveKey(purpose)).update(text).digest());
}

export function sha256(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash("sha256").update(text).digest());
}

export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** 32 random bytes in base64url (43 characters): tokens, session ids. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Takes the same time wherever the two differ, and for different lengths. */
export function isEqualConstantTime(a: string, b: string): boolean {
  const key = randomBytes(32);
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
