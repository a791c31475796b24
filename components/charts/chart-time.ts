import { createLoader, parseAsBoolean, parseAsIsoDateTime, parseAsStringLiteral } from "nuqs/server";
import { CHART_RANGES, type ChartRange } from "#lib/chart-ranges.ts";
import type { ChartQuery } from "#lib/schemas/chart.ts";

export const DEFAULT_RANGE: ChartRange = "24h";

/** What the URL says of a page's charts: `?range=7d&from=…&to=…&compare=true&show=table`. Read on the server too. */
export const chartParsers = {
  range: parseAsStringLiteral(CHART_RANGES).withDefault(DEFAULT_RANGE),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
  compare: parseAsBoolean.withDefault(false),
  show: parseAsStringLiteral(["chart", "table"]).withDefault("chart"),
};
export const loadChartTime = createLoader(chartParsers);

type ChartTime = { range: ChartRange; from: Date | null; to: Date | null; compare: boolean };
export const toChartQuery = ({ range, from, to, compare }: ChartTime): ChartQuery => ({
  range,
  ...(from && to ? { from: from.toISOString(), to: to.toISOString() } : {}),
  ...(compare ? { compare: "true" } : {}),
});
