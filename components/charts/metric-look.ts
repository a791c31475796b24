import type { MetricSeries } from "#lib/metric-series.ts";
import type { ChartKind } from "./chart-model.ts";

const AREAS: readonly MetricSeries[] = ["throughput", "connections", "decisions", "xray-traffic", "opened"];
/** Of these it is good news that there are none. */
const TROUBLES: readonly MetricSeries[] = ["refused", "limits", "api-errors", "drift", "xray-starts"];

export function metricLook(series: MetricSeries): { kind: ChartKind; isTrouble: boolean } {
  return { kind: AREAS.includes(series) ? "area" : "line", isTrouble: TROUBLES.includes(series) };
}
