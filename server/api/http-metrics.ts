import { Histogram, type Registry } from "#server/metrics.ts";

export type ApiMetrics = { seconds: Histogram<"method" | "route" | "status"> };

const NAME = "causeway_http_request_duration_seconds";

export function apiMetrics(registry: Registry): ApiMetrics {
  const known = registry.getSingleMetric(NAME);
  if (known instanceof Histogram) return { seconds: known };
  return {
    seconds: new Histogram({
      name: NAME,
      help: "Time to answer a request, by the route's template.",
      labelNames: ["method", "route", "status"],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers: [registry],
    }),
  };
}
