import fc from "fast-check";
import { expect, it } from "vitest";
import { rowsInSight } from "./use-window-rows.ts";

it("draws every row that the window shows, and few besides, wherever it stands", () => {
  const number = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(number, fc.integer({ min: 1, max: 60 }), number, (scrolled, screen, count) => {
      const { start, end } = rowsInSight(scrolled, screen, count);
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(count);
      expect(start).toBeLessThanOrEqual(end);
      expect(end - start).toBeLessThanOrEqual(screen + 28);
      for (let row = scrolled; row < Math.min(count, scrolled + screen); row++)
        expect(row >= start && row < end).toBe(true);
    }),
  );
});

it("begins with the first row above the table too", () => {
  expect(rowsInSight(-8, 20, 100).start).toBe(0);
  expect(rowsInSight(0, 20, 0)).toEqual({ start: 0, end: 0 });
});
