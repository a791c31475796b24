import { expect, it } from "vitest";
import { formatDuration } from "./format-duration.ts";

it("shows about three digits, in the unit that fits", () => {
  const shown = [0.04, 0.37, 4.21, 37.4, 412.9, 1_240, 61_000].map((value) => formatDuration(value, "en"));
  expect(shown).toEqual(["0.0 ms", "0.4 ms", "4.2 ms", "37 ms", "413 ms", "1.24 sec", "61.0 sec"]);
});
