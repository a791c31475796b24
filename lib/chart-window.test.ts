import { describe, expect, it } from "vitest";
import { askedTime, chooseStep } from "./chart-window.ts";

const now = Date.UTC(2026, 0, 2);
const at = (ms: number) => new Date(ms).toISOString();

describe("askedTime", () => {
  it("is the range up to now, unless both ends are given", () => {
    expect(askedTime({ range: "1h" }, now)).toEqual({ fromMs: now - 3_600_000, toMs: now });
    expect(askedTime({ range: "1h", from: at(0) }, now)).toEqual({ fromMs: now - 3_600_000, toMs: now });
    expect(askedTime({ range: "1h", from: at(now - 9), to: at(now - 5) }, now)).toEqual({
      fromMs: now - 9,
      toMs: now - 5,
    });
  });
  it("never reaches into the future, and is nothing when empty, backwards or without end", () => {
    expect(askedTime({ range: "1h", from: at(now - 9), to: at(now + 9) }, now)?.toMs).toBe(now);
    for (const [from, to] of [
      [now, now],
      [now, now - 1],
      [now + 5, now + 9],
      [0, now],
    ] as const)
      expect(askedTime({ range: "1h", from: at(from), to: at(to) }, now)).toBeNull();
  });
});

describe("chooseStep", () => {
  it("takes the finest that stays below, else the widest", () => {
    expect(chooseStep(3_600, [10, 15, 60], 300)).toBe(15);
    expect(chooseStep(1e9, [10, 60], 300)).toBe(60);
  });
});
