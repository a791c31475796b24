/** Apart from their schema, so that a page that only lists them loads no schemas. */
export const CHART_RANGES = ["1h", "6h", "24h", "7d", "30d", "90d"] as const;
export type ChartRange = (typeof CHART_RANGES)[number];

const HOUR_MS = 3_600_000;
export const RANGE_MS: Record<ChartRange, number> = {
  "1h": HOUR_MS,
  "6h": 6 * HOUR_MS,
  "24h": 24 * HOUR_MS,
  "7d": 7 * 24 * HOUR_MS,
  "30d": 30 * 24 * HOUR_MS,
  "90d": 90 * 24 * HOUR_MS,
};
