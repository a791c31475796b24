import { describe, expect, it } from "vitest";
import { formatRelativeTime, formatTime } from "./format-time.ts";

const NOW = Date.parse("2026-11-23T12:00:00Z");

describe("formatTime", () => {
  it("shows UTC to the minute", () =>
    expect(formatTime("2026-11-23T13:40:59+02:00")).toBe("2026-11-23 11:40 UTC"));

  it.each([
    ["2026-11-23T12:00:00Z", "just now"],
    ["2026-11-23T12:00:30Z", "in less than a minute"],
    ["2026-11-23T11:57:00Z", "3 min ago"],
    ["2026-11-24T12:00:00Z", "in 24 h"],
    ["2026-12-23T12:00:00Z", "in 30 days"],
    ["2026-12-23T11:59:00Z", "in 30 days"],
    ["2026-11-23T13:59:30Z", "in 2 h"],
    ["2026-11-20T12:00:01Z", "2 days ago"],
    ["2027-11-23T12:00:00Z", "in 12 months"],
    ["2036-11-23T12:00:00Z", "in 10 years"],
  ])("says where %s lies", (time, text) => expect(formatRelativeTime(time, NOW)).toBe(text));
});
