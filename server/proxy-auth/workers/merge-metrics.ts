import { AggregatorRegistry } from "prom-client";

/** What is not added up over the workers; prom-client's own metrics know it themselves. */
const HOW: Record<string, "min" | "max" | "first"> = {
  causeway_build_info: "first",
  causeway_ready: "min",
  causeway_missing: "max",
  causeway_revision: "min",
  causeway_revision_behind: "max",
  causeway_replica_users: "max",
  causeway_replica_age_seconds: "max",
  causeway_journal_oldest_seconds: "max",
};

type Metric = { name: string; aggregator?: string };
const isMetric = (value: unknown): value is Metric =>
  typeof value === "object" && value !== null && "name" in value;

/** The workers' metrics (`registry.getMetricsAsJSON()` of each) as one text for Prometheus. */
export async function mergeMetrics(parts: readonly (readonly unknown[])[]): Promise<string> {
  const adjusted = parts.map((metrics) =>
    metrics
      .filter(isMetric)
      .map((metric) => ({ ...metric, aggregator: HOW[metric.name] ?? metric.aggregator })),
  );
  return AggregatorRegistry.aggregate(adjusted as unknown as object[]).metrics();
}
