import { format } from "node:util";
import { afterEach, beforeEach } from "vitest";

/** Vitest's setupFile: what a test prints as an error without expecting it (vi.spyOn does) fails that test. */
const printed: string[] = [];

for (const level of ["error", "warn"] as const) {
  const print = console[level].bind(console);
  console[level] = (...args: unknown[]) => {
    printed.push(format(...args));
    print(...args);
  };
}

beforeEach(() => {
  printed.length = 0;
});

afterEach(() => {
  if (printed.length > 0) throw new Error(`The test printed to the console: ${printed.join("\n")}`);
});
