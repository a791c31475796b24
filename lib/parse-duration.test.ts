import { describe, expect, it } from "vitest";
import { parseDuration, parseExpiry, parseTime } from "./parse-duration.ts";

const NOW = Date.parse("2026-11-23T12:00:00Z");

describe("parseDuration", () => {
  it.each([
    ["90m", 5_400_000],
    ["12h", 43_200_000],
    ["30d", 2_592_000_000],
    ["1d12h", 129_600_000],
  ])("reads %s", (text, value) => expect(parseDuration(text)).toEqual({ value }));

  it.each(["", "30", "d", "-1d", "0d", "1.5h", "30 days"])("refuses %j", (text) =>
    expect(parseDuration(text)).toHaveProperty("error"),
  );
});

describe("parseExpiry", () => {
  it.each([
    ["never", null],
    ["30d", "2026-12-23T12:00:00.000Z"],
    ["2026-12-31", "2026-12-31T00:00:00.000Z"],
    ["2026-12-31T18:00+01:00", "2026-12-31T17:00:00.000Z"],
    ["2026-12-31T18:00:30Z", "2026-12-31T18:00:30.000Z"],
  ])("reads %s", (text, value) => expect(parseExpiry(text, NOW)).toEqual({ value }));

  it.each(["soon", "2026-02-31", "2026-11-22", "31.12.2026", "99999999y", "2026-12-31T18:00"])(
    "refuses %j in words",
    (text) => expect(parseExpiry(text, NOW)).toEqual({ error: expect.stringMatching(/\.$/) }),
  );

  it("reads a past time where the past is meant", () => {
    expect(parseTime("2026-11-01")).toBe(Date.parse("2026-11-01T00:00:00Z"));
  });
});
