/** The names that `GET /metrics/:series` knows, by the question an operator asks. Nothing else reaches Prometheus. */
export const METRIC_GROUPS = {
  served: ["throughput", "users-online", "connections", "decisions", "refused", "limits"],
  fast: ["decision-time", "api-time", "api-requests", "opened", "cache-hits", "api-errors"],
  changes: [
    "change-effect",
    "revision-behind",
    "node-apply",
    "journal-age",
    "journal-entries",
    "cut",
    "drift",
    "jobs",
    "job-age",
  ],
  machine: [
    "programs",
    "nodes",
    "disk",
    "cpu",
    "memory",
    "event-loop",
    "postgres-connections",
    "postgres-transactions",
    "postgres-hits",
    "postgres-size",
    "redis-memory",
    "redis-commands",
  ],
  xray: ["xray-traffic", "xray-memory", "xray-goroutines", "xray-starts"],
} as const;

export const METRIC_SERIES = Object.values(METRIC_GROUPS).flat();
export type MetricSeries = (typeof METRIC_SERIES)[number];
