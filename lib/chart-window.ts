import { type ChartRange, RANGE_MS } from "./chart-ranges.ts";

export type ChartWindow = { fromMs: number; stepMs: number; points: number };
type Asked = { range: ChartRange; from?: string | undefined; to?: string | undefined };

/** As far back as anything is kept. */
const LONGEST_MS = 731 * 86_400_000;

/** The asked time in milliseconds: `from` to `to` if both are given, never beyond now. null: empty, or longer than two years. */
export function askedTime({ range, from, to }: Asked, now: number): { fromMs: number; toMs: number } | null {
  if (from === undefined || to === undefined) return { fromMs: now - RANGE_MS[range], toMs: now };
  const fromMs = Date.parse(from);
  const toMs = Math.min(Date.parse(to), now);
  return fromMs < toMs && toMs - fromMs <= LONGEST_MS ? { fromMs, toMs } : null;
}

/** The first of `steps` (ascending) that needs at most `mostPoints`. */
export function chooseStep(spanMs: number, steps: readonly number[], mostPoints: number): number {
  return steps.find((step) => spanMs / step <= mostPoints) ?? steps.at(-1) ?? spanMs;
}
