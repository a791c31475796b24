import type { MetricSeries } from "#lib/metric-series.ts";
import type { ChartUnit } from "#lib/schemas/chart.ts";

/** What a request may narrow a series down to. */
export type Filter = "node" | "door";

/** `by`: a line for each value of that label. `key`: one line of this name. */
export type LineQuery = ({ by: string } | { key: string }) & {
  /** PromQL. `$where` becomes the matchers of the request (`job="x",`), `$w` the window of a rate. */
  expr: string;
};
export type SeriesDefinition = {
  unit: ChartUnit;
  filters: readonly Filter[];
  /** Windows shorter than this see too few events to say something (default 60). */
  leastWindowSeconds?: number;
  lines: readonly LineQuery[];
};

type Options = { filters?: readonly Filter[]; leastWindowSeconds?: number };
const define = (unit: ChartUnit, lines: LineQuery[], options: Options = {}): SeriesDefinition => ({
  unit,
  filters: [],
  lines,
  ...options,
});
const rateBy = (label: string, metric: string): LineQuery => ({
  by: label,
  expr: `sum by (${label}) (rate(${metric}{$where}[$w]))`,
});
/** The highest of the step, so that a short peak is not averaged away. */
const peakBy = (label: string, metric: string): LineQuery => ({
  by: label,
  expr: `sum by (${label}) (max_over_time(${metric}{$where}[$w]))`,
});
const worstBy = (label: string, metric: string): LineQuery => ({
  by: label,
  expr: `max by (${label}) (max_over_time(${metric}{$where}[$w]))`,
});
const percentile = (quantile: number, metric: string): LineQuery => ({
  key: `p${quantile * 100}`,
  expr: `histogram_quantile(${quantile}, sum by (le) (rate(${metric}_bucket{$where}[$w])))`,
});
const percentileBy = (quantile: number, label: string, metric: string): LineQuery => ({
  by: label,
  expr: `histogram_quantile(${quantile}, sum by (le, ${label}) (rate(${metric}_bucket{$where}[$w])))`,
});
const percentiles = (metric: string) => [0.5, 0.95, 0.99].map((quantile) => percentile(quantile, metric));
const ofNode = { filters: ["node"] } as const;
const ofDoor = { filters: ["node", "door"] } as const;
/** Changes and slow operations are rare: a minute would hold none of them. */
const rare = { leastWindowSeconds: 300 };

/** Every series of the panel: what leaves for Prometheus is one of these, never text from outside. */
export const CATALOGUE = {
  throughput: define("bytes-per-second", [rateBy("door", "causeway_door_bytes_total")], ofDoor),
  "users-online": define("count", [peakBy("door", "causeway_users_online")], ofDoor),
  connections: define("count", [peakBy("door", "causeway_connections_open")], ofDoor),
  decisions: define("per-second", [rateBy("outcome", "causeway_forward_auth_decisions_total")]),
  refused: define("per-second", [rateBy("reason", "causeway_tunnels_refused_total")], { filters: ["door"] }),
  limits: define("per-second", [rateBy("limit", "causeway_limits_hit_total")], { filters: ["door"] }),
  "api-errors": define("per-second", [
    {
      by: "route",
      expr: 'sum by (route) (rate(causeway_http_request_duration_seconds_count{status=~"5.."}[$w]))',
    },
  ]),

  "decision-time": define("seconds", percentiles("causeway_forward_auth_duration_seconds")),
  "api-time": define("seconds", [percentileBy(0.95, "route", "causeway_http_request_duration_seconds")], {
    leastWindowSeconds: 120,
  }),
  "api-requests": define("per-second", [rateBy("route", "causeway_http_request_duration_seconds_count")]),
  opened: define("per-second", [rateBy("door", "causeway_tunnels_opened_total")], { filters: ["door"] }),
  "cache-hits": define("ratio", [
    {
      by: "cache",
      expr: 'sum by (cache) (rate(causeway_cache_lookups_total{result="hit"}[$w])) / (sum by (cache) (rate(causeway_cache_lookups_total[$w])) > 0)',
    },
  ]),
  "node-apply": define("seconds", percentiles("causeway_node_apply_duration_seconds"), {
    ...ofNode,
    ...rare,
  }),

  "change-effect": define("seconds", [percentileBy(0.95, "door", "causeway_change_effect_seconds")], {
    filters: ["door"],
    ...rare,
  }),
  "revision-behind": define("count", [worstBy("consumer", "causeway_revision_behind")]),
  "journal-age": define("seconds", [worstBy("job", "causeway_journal_oldest_seconds")], ofNode),
  "journal-entries": define("count", [worstBy("job", "causeway_journal_entries")], ofNode),
  cut: define("per-second", [rateBy("reason", "causeway_tunnels_cut_total")], rare),
  drift: define(
    "count",
    [
      { key: "found", expr: "sum(increase(causeway_node_drift_found_total{$where}[$w]))" },
      { key: "healed", expr: "sum(increase(causeway_node_drift_healed_total{$where}[$w]))" },
    ],
    { ...ofNode, ...rare },
  ),
  jobs: define("count", [peakBy("state", "causeway_queue_jobs")]),
  "job-age": define("seconds", [worstBy("queue", "causeway_queue_oldest_seconds")]),

  programs: define("count", [{ by: "job", expr: "min by (job) (min_over_time(up[$w]))" }]),
  nodes: define("count", [
    { by: "node", expr: 'min by (node) (min_over_time(causeway_node_up{job="controller"}[$w]))' },
  ]),
  cpu: define("cores", [rateBy("job", "process_cpu_seconds_total")], ofNode),
  memory: define("bytes", [peakBy("job", "process_resident_memory_bytes")], ofNode),
  "event-loop": define("seconds", [worstBy("job", "nodejs_eventloop_lag_p99_seconds")], ofNode),
  disk: define(
    "ratio",
    [
      {
        by: "path",
        expr: "1 - min by (path) (causeway_disk_free_bytes{$where} / causeway_disk_size_bytes{$where})",
      },
    ],
    ofNode,
  ),
  "postgres-connections": define("count", [
    { key: "connections", expr: "max(max_over_time(causeway_postgres_connections[$w]))" },
  ]),
  "postgres-transactions": define("per-second", [
    { key: "transactions", expr: "sum(rate(causeway_postgres_transactions_total[$w]))" },
  ]),
  "postgres-hits": define("ratio", [{ key: "hits", expr: "min(causeway_postgres_cache_hit_ratio)" }]),
  "postgres-size": define("bytes", [{ key: "database", expr: "max(causeway_postgres_database_bytes)" }]),
  "redis-memory": define("bytes", [{ key: "memory", expr: "max(causeway_redis_memory_bytes)" }]),
  "redis-commands": define("per-second", [
    { key: "commands", expr: "sum(rate(causeway_redis_commands_total[$w]))" },
  ]),

  "xray-traffic": define(
    "bytes-per-second",
    [rateBy("inbound", "causeway_xray_traffic_bytes_total")],
    ofNode,
  ),
  "xray-memory": define(
    "bytes",
    [{ key: "memory", expr: "max(causeway_xray_memory_bytes{$where})" }],
    ofNode,
  ),
  "xray-goroutines": define(
    "count",
    [{ key: "goroutines", expr: "max(causeway_xray_goroutines{$where})" }],
    ofNode,
  ),
  "xray-starts": define(
    "count",
    [{ key: "starts", expr: "sum(increase(causeway_node_xray_starts_total{$where}[$w]))" }],
    { ...ofNode, ...rare },
  ),
} as const satisfies Record<MetricSeries, SeriesDefinition>;
