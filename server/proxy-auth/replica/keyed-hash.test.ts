import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { KeyedHash } from "./keyed-hash.ts";

it("is HMAC-SHA-256 for every key and text, also after a longer one", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.string({ unit: "binary", maxLength: 300 })),
      (bytes, texts) => {
        const key = Buffer.from(bytes);
        const keyed = new KeyedHash(key);
        for (const text of texts) {
          expect(keyed.digest(text)).toEqual(createHmac("sha256", key).update(text).digest());
        }
      },
    ),
    { numRuns: 200 },
  );
});

it("refuses what is too long for a password", () => {
  expect(new KeyedHash(Buffer.alloc(32)).digest("ö".repeat(1000))).toBeNull();
});
