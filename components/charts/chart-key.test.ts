import { describe, expect, it } from "vitest";
import { chartKey } from "./chart-key.ts";

describe("chartKey", () => {
  it.each([
    ["ArrowLeft", false, 5, 4],
    ["ArrowLeft", false, 0, 0],
    ["ArrowRight", true, 5, 15],
    ["ArrowRight", false, 99, 99],
    ["Home", false, 50, 0],
    ["End", false, 50, 99],
    ["PageUp", false, 5, 0],
  ] as const)("%s (shift %s) from %d leads to %d", (key, isShifted, from, to) =>
    expect(chartKey(key, isShifted, from, 100)).toEqual({ to }),
  );
  it("zooms to half of the time around the crosshair, never beyond the ends", () => {
    expect(chartKey("+", false, 50, 100)).toEqual({ zoom: [25, 75] });
    expect(chartKey("+", false, 0, 100)).toEqual({ zoom: [0, 25] });
    expect(chartKey("-", false, 0, 100)).toEqual({ zoom: null });
  });
  it("leaves every other key to the page", () => expect(chartKey("Tab", false, 1, 100)).toBeNull());
});
