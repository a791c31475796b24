import { describe, expect, it } from "vitest";
import { formatBytes, formatUsage } from "./format-bytes.ts";

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1 kB"],
    [1234, "1.23 kB"],
    [12_345, "12.3 kB"],
    [100_000, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1 MB"],
    [10_000_000_000, "10 GB"],
    [1.5e15, "1.5 PB"],
    [Number.MAX_SAFE_INTEGER, "9.01 PB"],
  ])("shows %d bytes as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it("names the limit only where there is one", () => {
    expect(formatUsage(3_200_000_000, 10_000_000_000)).toBe("3.2 GB of 10 GB");
    expect(formatUsage(3_200_000_000, null)).toBe("3.2 GB");
  });
});
