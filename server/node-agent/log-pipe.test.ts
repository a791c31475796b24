import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineSplitter } from "./log-pipe.ts";

test("any split of the bytes gives the same lines", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z ]{0,20}$/)), fc.array(fc.nat(30)), (lines, cuts) => {
      let rest = lines.map((line) => `${line}\n`).join("");
      const seen: string[] = [];
      const split = createLineSplitter((line) => seen.push(line));
      for (const cut of cuts) {
        split(rest.slice(0, cut));
        rest = rest.slice(cut);
      }
      split(rest);
      expect(seen).toEqual(lines);
    }),
  );
});

test("a line without end does not fill the memory, and the next one is read", () => {
  const seen: string[] = [];
  const split = createLineSplitter((line) => seen.push(line));
  for (let chunk = 0; chunk < 100; chunk++) split("x".repeat(10_000));
  split("\nnext\n");
  expect(seen).toEqual(["next"]);
});
