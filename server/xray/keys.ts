import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";

export type RealityKeyPair = { privateKey: string; publicKey: string };

/** PKCS #8 header of an X25519 private key (RFC 8410); the 32 raw bytes follow. */
const PKCS8_X25519 = Buffer.from("302e020100300506032b656e04220420", "hex");

/** An X25519 pair as Xray writes it: 32 bytes in base64url without padding, 43 characters each. */
export function generateRealityKeyPair(): RealityKeyPair {
  const { d, x } = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
  if (d === undefined || x === undefined) throw new Error("This OpenSSL exports no X25519 keys.");
  return { privateKey: d, publicKey: x };
}

/** What clients need (`pbk`), from the server's private key. Throws when it is not 32 bytes of base64url. */
export function publicKeyFromPrivate(privateKey: string): string {
  const raw = Buffer.from(privateKey, "base64url");
  if (raw.length !== 32) throw new Error("A Reality private key is 32 bytes in base64url.");
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_X25519, raw]), format: "der", type: "pkcs8" });
  const { x } = createPublicKey(key).export({ format: "jwk" });
  if (x === undefined) throw new Error("This OpenSSL exports no X25519 keys.");
  return x;
}

/** 16 hex characters: the longest short id Reality takes. */
export function generateShortId(): string {
  return randomBytes(8).toString("hex");
}
