import { makeDashboard } from "../make-dashboard.ts";
import { lines, stat } from "../panels.ts";
import { now, series } from "../queries.ts";

const UP = { 0: "away", 1: "up" };

export const postgresRedis = makeDashboard({
  uid: "postgres-redis",
  title: "Postgres and Redis",
  description: "What everything rests on, as the controller reads it.",
  sections: [
    {
      title: "PostgreSQL",
      panels: [
        stat({
          title: "State",
          description: "Whether the controller reaches it.",
          queries: [now("min(causeway_postgres_up)")],
          unit: "none",
          width: 4,
          words: UP,
          limits: { red: 1, isHighGood: true },
        }),
        stat({
          title: "Connections used",
          description: "Share of max_connections.",
          queries: [now("max(causeway_postgres_connections / causeway_postgres_max_connections)")],
          unit: "percentunit",
          width: 4,
          limits: { amber: 0.7, red: 0.9 },
        }),
        stat({
          title: "Read from memory",
          description: "Share of blocks found in shared buffers. Below 95 % more memory helps.",
          queries: [now("min(causeway_postgres_cache_hit_ratio)")],
          unit: "percentunit",
          width: 4,
          decimals: 1,
          limits: { red: 0.8, amber: 0.95, isHighGood: true },
        }),
        stat({
          title: "Size",
          description: "Of the database on disk.",
          queries: [series("max(causeway_postgres_database_bytes)", "")],
          unit: "bytes",
          width: 4,
          hasGraph: true,
        }),
        stat({
          title: "Longest transaction",
          description: "Age of the oldest open one: long ones keep rows from being cleaned up.",
          queries: [now("max(causeway_postgres_oldest_transaction_seconds)")],
          unit: "s",
          width: 4,
          limits: { amber: 60, red: 600 },
        }),
        stat({
          title: "Deadlocks, 24 h",
          description: "There should be none.",
          queries: [now("sum(increase(causeway_postgres_deadlocks_total[24h]))")],
          unit: "short",
          width: 4,
          decimals: 0,
          limits: { amber: 1 },
        }),
        lines({
          title: "Transactions",
          description: "Committed and rolled back, each second.",
          queries: [
            series(
              "sum by (result) (rate(causeway_postgres_transactions_total[$__rate_interval]))",
              "{{result}}",
            ),
          ],
          unit: "ops",
          width: 8,
          colors: { commit: "#3fa66b", rollback: "#d9a029" },
        }),
        lines({
          title: "Rows",
          description: "Each second, by what was done with them.",
          queries: [
            series(
              "sum by (operation) (rate(causeway_postgres_rows_total[$__rate_interval]))",
              "{{operation}}",
            ),
          ],
          unit: "ops",
          width: 8,
          isLog: true,
        }),
        lines({
          title: "Connections",
          description: "Open now, and how many there may be.",
          queries: [
            series("sum(causeway_postgres_connections)", "open"),
            series("max(causeway_postgres_max_connections)", "limit"),
          ],
          unit: "short",
          width: 8,
        }),
        lines({
          title: "Spilled to disk",
          description: "Temporary files of sorts that did not fit into memory, bytes a second.",
          queries: [
            series("sum(rate(causeway_postgres_temp_bytes_total[$__rate_interval]))", "temporary files"),
          ],
          unit: "Bps",
          width: 8,
        }),
        lines({
          title: "Read from memory over time",
          description: "Share of blocks found in shared buffers.",
          queries: [series("min(causeway_postgres_cache_hit_ratio)", "from memory")],
          unit: "percentunit",
          max: 1,
          width: 8,
        }),
        lines({
          title: "Growth",
          description: "Bytes on disk.",
          queries: [series("max(causeway_postgres_database_bytes)", "database")],
          unit: "bytes",
          width: 8,
        }),
      ],
    },
    {
      title: "Redis",
      panels: [
        stat({
          title: "State",
          description:
            "Whether the controller reaches it. Without it sign-ins are looked up in the database.",
          queries: [now("min(causeway_redis_up)")],
          unit: "none",
          width: 4,
          words: UP,
          limits: { red: 1, isHighGood: true },
        }),
        stat({
          title: "Memory",
          description: "Used by data.",
          queries: [series("max(causeway_redis_memory_bytes)", "")],
          unit: "bytes",
          width: 4,
          hasGraph: true,
        }),
        stat({
          title: "Keys",
          description: "Sessions, limits, leases and jobs.",
          queries: [series("sum(causeway_redis_keys)", "")],
          unit: "short",
          width: 4,
          hasGraph: true,
        }),
        stat({
          title: "Clients",
          description: "Connected now.",
          queries: [now("sum(causeway_redis_clients)")],
          unit: "short",
          width: 4,
        }),
        stat({
          title: "Runs since",
          description: "Everything in it may be lost: a restart costs a few look-ups.",
          queries: [now("max(causeway_redis_uptime_seconds)")],
          unit: "s",
          width: 4,
        }),
        stat({
          title: "Evicted, 24 h",
          description: "Keys thrown out for lack of memory. With our settings none is: jobs must stay.",
          queries: [now("sum(increase(causeway_redis_evicted_keys_total[24h]))")],
          unit: "short",
          width: 4,
          decimals: 0,
          limits: { red: 1 },
        }),
        lines({
          title: "Commands",
          description: "Each second.",
          queries: [series("sum(rate(causeway_redis_commands_total[$__rate_interval]))", "commands")],
          unit: "ops",
          width: 8,
        }),
        lines({
          title: "Found and not found",
          description: "Look-ups of keys each second, by result.",
          queries: [
            series(
              "sum by (result) (rate(causeway_redis_keyspace_lookups_total[$__rate_interval]))",
              "{{result}}",
            ),
          ],
          unit: "ops",
          width: 8,
        }),
        lines({
          title: "Expired, evicted, refused",
          description: "Keys that ended in time, keys thrown out, connections turned away: each second.",
          queries: [
            series("sum(rate(causeway_redis_expired_keys_total[$__rate_interval]))", "expired"),
            series("sum(rate(causeway_redis_evicted_keys_total[$__rate_interval]))", "evicted"),
            series("sum(rate(causeway_redis_rejected_connections_total[$__rate_interval]))", "refused"),
          ],
          unit: "ops",
          width: 8,
        }),
      ],
    },
  ],
});
