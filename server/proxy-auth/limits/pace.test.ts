import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pace, QUANTUM } from "./pace.ts";

describe("Pace", () => {
  it("never lets more through than rate × time, one burst and one read", () => {
    const steps = fc.array(
      fc.record({ bytes: fc.integer({ min: 1, max: QUANTUM }), ms: fc.integer({ min: 0, max: 300 }) }),
      {
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 50_000_000 }), steps, (rate, list) => {
        const pace = new Pace();
        pace.setRate(rate, 0);
        let now = 0;
        let total = 0;
        let isHeld = false;
        for (const { bytes, ms } of list) {
          now += ms;
          pace.refill(now);
          if (isHeld) continue;
          total += bytes;
          isHeld = pace.take(bytes, now);
          if (isHeld) {
            pace.wait(() => {
              isHeld = false;
            });
          }
        }
        expect(total).toBeLessThanOrEqual(rate * (now / 1000) + Math.max(QUANTUM, rate / 4) + QUANTUM);
      }),
    );
  });

  it("gives all of a user's tunnels the same number of turns", () => {
    const pace = new Pace();
    pace.setRate(1_000_000, 0);
    const turns = [0, 0, 0, 0, 0];
    const ready = new Set(turns.keys());
    for (let now = 0; now < 10_000; now += 10) {
      pace.refill(now);
      for (const tunnel of [...ready]) {
        turns[tunnel] = (turns[tunnel] ?? 0) + 1;
        if (!pace.take(QUANTUM, now)) continue;
        ready.delete(tunnel);
        pace.wait(() => ready.add(tunnel));
      }
    }
    expect(Math.max(...turns) - Math.min(...turns)).toBeLessThanOrEqual(2);
    const bytes = turns.reduce((sum, count) => sum + count * QUANTUM, 0);
    expect(Math.abs(bytes - 10_000_000)).toBeLessThan(300_000);
  });
});
