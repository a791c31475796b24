import { expect, it } from "vitest";
import { nextReset } from "./next-reset.ts";

it.each([
  ["day", "2026-11-23T10:00:00Z", "2026-11-24T00:00:00.000Z"],
  ["week", "2026-11-23T10:00:00Z", "2026-11-30T00:00:00.000Z"],
  ["week", "2026-11-22T23:59:59Z", "2026-11-23T00:00:00.000Z"],
  ["month", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00.000Z"],
  ["month", "2027-01-31T00:00:00Z", "2027-02-01T00:00:00.000Z"],
  ["year", "2026-02-01T00:00:00Z", "2027-01-01T00:00:00.000Z"],
] as const)("the next %s after %s is %s", (period, after, expected) => {
  expect(nextReset(period, new Date(after))?.toISOString()).toBe(expected);
});

it("never resets when told so", () => {
  expect(nextReset("never", new Date())).toBeNull();
});
