import { expect, test } from "vitest";
import { generateRealityKeyPair, generateShortId, publicKeyFromPrivate } from "./keys.ts";

test("the public key follows from the private one", () => {
  const pair = generateRealityKeyPair();
  expect(pair.privateKey).toMatch(/^[\w-]{43}$/);
  expect(publicKeyFromPrivate(pair.privateKey)).toBe(pair.publicKey);
});

test("a private key of another length is refused", () => {
  expect(() => publicKeyFromPrivate("AAAA")).toThrow("32 bytes");
});

test("short ids are 16 hex characters and differ", () => {
  expect(generateShortId()).toMatch(/^[0-9a-f]{16}$/);
  expect(generateShortId()).not.toBe(generateShortId());
});
