import { expect, it } from "vitest";
import { isAtLeast } from "./version.ts";

it.each([
  ["Redis server v=7.0.15 sha=0", "7.0", true],
  ["go1.26.8", "1.26", true],
  ["go1.9.8", "1.26", false],
  ["prometheus, version 2.42.0+ds", "2.40", true],
  ["Chromium 156.0.8078.79", "157", false],
  ["no number", "1.0", false],
])("“%s” is at least %s: %s", (output, minimum, expected) => {
  expect(isAtLeast(output, minimum)).toBe(expected);
});
