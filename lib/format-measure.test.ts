import { describe, expect, it } from "vitest";
import { formatMeasure } from "./format-measure.ts";

describe("formatMeasure", () => {
  it.each([
    ["bytes", 1_240_000_000, "1.24 GB"],
    ["bytes-per-second", 12_345.6, "12.3 kB/s"],
    ["seconds", 0, "0 s"],
    ["seconds", 0.000_34, "340 µs"],
    ["seconds", 0.0123, "12.3 ms"],
    ["seconds", 1.5, "1.5 s"],
    ["seconds", 150, "2.5 min"],
    ["seconds", 9_000, "2.5 h"],
    ["per-second", 0.25, "0.25/s"],
    ["count", 12_300, "12.3 k"],
    ["count", 3, "3"],
    ["ratio", 0.985, "98.5%"],
    ["cores", 0.12, "12%"],
  ] as const)("says %s %d as %s", (unit, value, text) => expect(formatMeasure(unit, value)).toBe(text));
});
