import type { ChartRange } from "#lib/chart-ranges.ts";
import { askedTime, type ChartWindow, chooseStep } from "#lib/chart-window.ts";
import { invalidInput } from "#server/errors.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Finest first, with how far back each is complete (maintain-partitions.ts drops what is older). */
const WIDTHS = [
  { width: "5m", stepMs: 5 * MINUTE_MS, keptMs: 48 * HOUR_MS },
  { width: "1h", stepMs: HOUR_MS, keptMs: 90 * DAY_MS },
  { width: "1d", stepMs: DAY_MS, keptMs: 731 * DAY_MS },
] as const;
export type UsageWidth = (typeof WIDTHS)[number]["width"];

/** As many as an eye can tell apart on a phone: zooming in shows more. */
const MOST_POINTS = 96;
const STEPS = [5, 15, 30, 60, 180, 360, 720, 1_440, 10_080].map((minutes) => minutes * MINUTE_MS);
/** What people count in: hours of today, days of a month. */
const RANGE_STEP: Record<ChartRange, number> = {
  "1h": 5 * MINUTE_MS,
  "6h": 5 * MINUTE_MS,
  "24h": 30 * MINUTE_MS,
  "7d": 3 * HOUR_MS,
  "30d": DAY_MS,
  "90d": DAY_MS,
};

export type UsageWindow = ChartWindow & {
  /** Which buckets to add up. */
  width: UsageWidth;
  /** What is older is not kept in them. */
  keptFromMs: number;
};

/** Whole buckets on round times (UTC), the current one included. */
export function usageWindow(
  query: { range: ChartRange; from?: string | undefined; to?: string | undefined },
  now: number,
): UsageWindow {
  const asked = askedTime(query, now);
  if (asked === null)
    throw invalidInput("The range is empty or longer than two years.", [
      { path: "from", message: "Choose a start before the end, in the past." },
    ]);
  const isZoomed = query.from !== undefined && query.to !== undefined;
  const kept = WIDTHS.filter(({ keptMs }) => now - asked.fromMs <= keptMs);
  const finest = kept[0] ?? WIDTHS[2];
  const steps = STEPS.filter((step) => step % finest.stepMs === 0);
  const stepMs = isZoomed
    ? chooseStep(asked.toMs - asked.fromMs, steps, MOST_POINTS)
    : RANGE_STEP[query.range];
  const last = Math.floor((asked.toMs - 1) / stepMs) * stepMs;
  const first = isZoomed
    ? Math.floor(asked.fromMs / stepMs) * stepMs
    : last - (Math.round((asked.toMs - asked.fromMs) / stepMs) - 1) * stepMs;
  // The widest buckets that fit the step: fewest rows to add up.
  const { width, keptMs } = WIDTHS.findLast((one) => stepMs % one.stepMs === 0) ?? finest;
  return {
    fromMs: first,
    stepMs,
    points: (last - first) / stepMs + 1,
    width,
    keptFromMs: now - keptMs,
  };
}
