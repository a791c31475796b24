import { getDb } from "#server/db.ts";
import { addReadings, type Reading, type Registry } from "#server/metrics.ts";
import { readWithin } from "#server/read-within.ts";

const WITHIN_MS = 700;

type Row = {
  connections: number;
  max_connections: number;
  database_bytes: number;
  cache_hit_ratio: number | null;
  commits: number;
  rollbacks: number;
  deadlocks: number;
  temp_bytes: number;
  fetched: number;
  inserted: number;
  updated: number;
  deleted: number;
  oldest_transaction_seconds: number;
  revision: number;
};
export type PostgresReader = () => Promise<Row>;

/** One cheap query over the server's own statistics; a silent server costs a scrape less than a second. */
export function createPostgresReader(): PostgresReader {
  return readWithin(WITHIN_MS, async () => {
    const rows = await getDb().$queryRaw<Row[]>`
      SELECT d.numbackends::int AS connections,
        current_setting('max_connections')::int AS max_connections,
        pg_database_size(d.datid)::float8 AS database_bytes,
        (d.blks_hit::float8 / NULLIF(d.blks_hit + d.blks_read, 0)) AS cache_hit_ratio,
        d.xact_commit::float8 AS commits, d.xact_rollback::float8 AS rollbacks,
        d.deadlocks::float8 AS deadlocks, d.temp_bytes::float8 AS temp_bytes,
        d.tup_fetched::float8 AS fetched, d.tup_inserted::float8 AS inserted,
        d.tup_updated::float8 AS updated, d.tup_deleted::float8 AS deleted,
        coalesce((SELECT extract(epoch FROM max(clock_timestamp() - a.xact_start))
          FROM pg_stat_activity a WHERE a.datid = d.datid AND a.pid <> pg_backend_pid()), 0)::float8
          AS oldest_transaction_seconds,
        coalesce((SELECT max(id) FROM change), 0)::float8 AS revision
      FROM pg_stat_database d WHERE d.datname = current_database()`;
    const [row] = rows;
    if (!row) throw new Error("Postgres has no statistics of this database.");
    return row;
  });
}

const METRICS: readonly Reading<Row>[] = [
  {
    name: "causeway_postgres_up",
    help: "1 while Postgres answers.",
    kind: "gauge",
    read: () => 1,
    otherwise: 0,
  },
  {
    name: "causeway_postgres_connections",
    help: "Connections to our database.",
    kind: "gauge",
    read: (row) => row.connections,
  },
  {
    name: "causeway_postgres_max_connections",
    help: "Connections that Postgres allows.",
    kind: "gauge",
    read: (row) => row.max_connections,
  },
  {
    name: "causeway_postgres_database_bytes",
    help: "Size of our database on disk.",
    kind: "gauge",
    read: (row) => row.database_bytes,
  },
  {
    name: "causeway_postgres_cache_hit_ratio",
    help: "Share of blocks found in Postgres's own cache, since its statistics began.",
    kind: "gauge",
    read: (row) => row.cache_hit_ratio,
  },
  {
    name: "causeway_postgres_transactions_total",
    help: "Transactions that ended.",
    kind: "counter",
    labels: ["result"],
    read: (row) => [
      [{ result: "commit" }, row.commits],
      [{ result: "rollback" }, row.rollbacks],
    ],
  },
  {
    name: "causeway_postgres_rows_total",
    help: "Rows read and written.",
    kind: "counter",
    labels: ["operation"],
    read: (row) =>
      (["fetched", "inserted", "updated", "deleted"] as const).map((operation) => [
        { operation },
        row[operation],
      ]),
  },
  {
    name: "causeway_postgres_deadlocks_total",
    help: "Deadlocks.",
    kind: "counter",
    read: (row) => row.deadlocks,
  },
  {
    name: "causeway_postgres_temp_bytes_total",
    help: "Bytes that queries wrote to temporary files.",
    kind: "counter",
    read: (row) => row.temp_bytes,
  },
  {
    name: "causeway_postgres_oldest_transaction_seconds",
    help: "Age of the oldest open transaction.",
    kind: "gauge",
    read: (row) => row.oldest_transaction_seconds,
  },
];

export const addPostgresMetrics = (registry: Registry, read: PostgresReader): void =>
  addReadings(registry, read, METRICS);
