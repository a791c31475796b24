import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatBytes } from "./format-bytes.ts";
import { parseBytes } from "./parse-bytes.ts";

describe("parseBytes", () => {
  it.each([
    ["10GB", 10_000_000_000],
    ["10 gb", 10_000_000_000],
    ["10G", 10_000_000_000],
    ["10GiB", 10 * 2 ** 30],
    ["1.5TB", 1_500_000_000_000],
    ["512KiB", 524_288],
    ["1024", 1024],
    ["1024B", 1024],
    ["unlimited", null],
  ])("reads %s", (text, value) => expect(parseBytes(text)).toEqual({ value }));

  it.each(["", "GB", "-1GB", "10XB", "1e3", "ten", "0", "0GB", "5iB", "9007199254740993", "1,5GB"])(
    "refuses %j in words",
    (text) => expect(parseBytes(text)).toEqual({ error: expect.stringMatching(/\.$/) }),
  );

  it("reads back whole units that formatBytes shows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 4 }), (count, power) => {
        const bytes = count * 1000 ** power;
        expect(parseBytes(formatBytes(bytes))).toEqual({ value: bytes });
      }),
    );
  });
});
