import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  deriveKey,
  isEqualConstantTime,
  keyedHash,
  loadMasterKey,
  open,
  seal,
  setMasterKeys,
} from "#server/crypto.ts";

const oldKey = "11".repeat(32);
const newKey = "22".repeat(32);

describe("sealing", () => {
  beforeEach(() => setMasterKeys([oldKey]));

  it("opens what it sealed, whatever the text", () => {
    fc.assert(fc.property(fc.string(), (text) => open(seal(text, "t.c.1"), "t.c.1") === text));
  });

  it("refuses a value moved to another row", () => {
    const sealed = seal("secret", "credential.sealed.1");
    expect(() => open(sealed, "credential.sealed.2")).toThrow();
  });

  it("refuses a value with any changed byte", () => {
    const sealed = seal("secret", "t.c.1");
    for (let index = 0; index < sealed.length; index++) {
      const changed = Uint8Array.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => open(changed, "t.c.1")).toThrow();
    }
  });

  it("opens old values after a key rotation and seals with the new key", () => {
    const sealedBefore = seal("before", "t.c.1");
    setMasterKeys([newKey, oldKey]);
    expect(open(sealedBefore, "t.c.1")).toBe("before");
    const sealedAfter = seal("after", "t.c.1");
    setMasterKeys([oldKey]);
    expect(() => open(sealedAfter, "t.c.1")).toThrow(/another master key/);
  });

  it("derives another key for each purpose", () => {
    expect(deriveKey("a")).not.toEqual(deriveKey("b"));
    expect(keyedHash("a", "text")).not.toEqual(keyedHash("b", "text"));
    expect(keyedHash("a", "text")).toEqual(keyedHash("a", "text"));
  });

  it("reads the key file only when nobody else can", () => {
    const dir = mkdtempSync(join(tmpdir(), "causeway-key-"));
    const path = join(dir, "master.key");
    writeFileSync(path, `${Buffer.alloc(32, 7).toString("base64")}\n`, { mode: 0o644 });
    expect(() => loadMasterKey(path)).toThrow(/chmod 600/);
    chmodSync(path, 0o600);
    loadMasterKey(path);
    writeFileSync(path, "short\n");
    expect(() => loadMasterKey(path)).toThrow(/32 bytes/);
    rmSync(dir, { recursive: true });
  });
});

it("compares in constant time", () => {
  expect(isEqualConstantTime("same", "same")).toBe(true);
  expect(isEqualConstantTime("same", "sam")).toBe(false);
});
