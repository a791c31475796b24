import { addReadings, type Registry } from "#server/metrics.ts";
import { readWithin } from "#server/read-within.ts";

/** Does something answer within this time? One question at a time; never rejects. */
export function createProbe(ask: () => Promise<unknown>, withinMs: number): () => Promise<boolean> {
  const read = readWithin(withinMs, async () => ask());
  return () =>
    read().then(
      () => true,
      () => false,
    );
}

/** `causeway_ready` and `causeway_missing{what}`, asked at scrape time; `everything` is all that may be missing. */
export function addReadiness(
  registry: Registry,
  everything: readonly string[],
  findMissing: () => Promise<readonly string[]> | readonly string[],
): void {
  addReadings(registry, findMissing, [
    {
      name: "causeway_ready",
      help: "1 while the program can do its job.",
      kind: "gauge",
      read: (missing) => (missing.length === 0 ? 1 : 0),
      otherwise: 0,
    },
    {
      name: "causeway_missing",
      help: "1 while the program cannot do its job for want of this.",
      kind: "gauge",
      labels: ["what"],
      read: (missing) => everything.map((what) => [{ what }, missing.includes(what) ? 1 : 0]),
    },
  ]);
}
