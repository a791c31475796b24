import type { MetricSeries } from "#lib/metric-series.ts";
import type { ChartKind } from "./chart-model.ts";

const AREAS: readonly MetricSeries[] = ["throughput", "connections", "decisions", "xray-traffic", "opened"];
const STATES: readonly MetricSeries[] = ["programs", "nodes"];
/** Of these it is good news that there are none. */
const TROUBLES: readonly MetricSeries[] = ["refused", "limits", "api-errors", "cut", "drift", "xray-starts"];

export function metricLook(series: MetricSeries): { kind: ChartKind; isTrouble: boolean } {
  const kind = AREAS.includes(series) ? "area" : STATES.includes(series) ? "state" : "line";
  return { kind, isTrouble: TROUBLES.includes(series) };
}
