import { readdirSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { Report } from "#stack/doctor/report.ts";
import { reasonOf } from "#stack/doctor/report.ts";
import { ROOT } from "#stack/paths.ts";
import { readSecret } from "#stack/secrets.ts";

const MANY_CONNECTIONS = 0.8;
const CLOCK_MS = 2_000;

type Facts = { now: Date; connections: number; max: number; bytes: number; usage: Date | null };

/** PostgreSQL: reachable with our credentials, migrated to the end, not out of connections; and its clock. */
export async function checkDatabase(report: Report): Promise<void> {
  const client = new pg.Client({
    connectionString: readSecret("database-url"),
    connectionTimeoutMillis: 4_000,
  });
  try {
    await client.connect();
  } catch (error) {
    return void report.failure("connection", {
      detail: reasonOf(error),
      meaning: "Nobody can be changed, no sign-in works; known users keep their doors.",
      action: "./vpn logs postgres, then npm run up",
    });
  }
  try {
    const started = Date.now();
    const { rows } = await client.query<Facts>(
      `SELECT clock_timestamp() AS now,
        (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
        current_setting('max_connections')::int AS max, pg_database_size(current_database())::float8 AS bytes,
        (SELECT max(online_at) FROM user_usage) AS usage`,
    );
    const [facts] = rows;
    if (facts === undefined) return;
    const ended = Date.now();
    checkClock(report, facts.now.getTime(), started, ended);
    const { connections, max } = facts;
    if (connections > max * MANY_CONNECTIONS)
      report.warning("connections", {
        detail: `${connections} of ${max} are in use`,
        meaning: "Programs will wait for each other, then fail.",
        action: "psql: SELECT application_name, count(*) FROM pg_stat_activity GROUP BY 1",
      });
    else
      report.ok(
        "connection",
        `${connections} of ${max} connections, ${(facts.bytes / 1e6).toFixed(0)} MB, answered in ${ended - started} ms`,
      );
    await checkMigrations(report, client);
    report.ok(
      "last usage",
      facts.usage === null ? "nobody has used a door yet" : `a batch arrived at ${facts.usage.toISOString()}`,
    );
  } catch (error) {
    report.failure("queries", {
      detail: reasonOf(error),
      meaning: "The schema is not what this version expects.",
      action: "npm run up: it migrates",
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function checkMigrations(report: Report, client: pg.Client): Promise<void> {
  const wanted = readdirSync(join(ROOT, "prisma/migrations")).filter((name) => /^\d{14}_/.test(name));
  const { rows } = await client.query<{ name: string; isDone: boolean }>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS "isDone" FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const torn = rows.filter(({ isDone }) => !isDone).map(({ name }) => name);
  const missing = wanted.filter((name) => !rows.some((row) => row.name === name));
  const unknown = rows.filter(({ name }) => !wanted.includes(name)).map(({ name }) => name);
  if (torn.length > 0)
    report.failure("migrations", {
      detail: `${torn.join(", ")} did not end`,
      meaning: "The schema is between two versions.",
      action: "read ./vpn logs supervisor, then npm run up",
    });
  else if (missing.length > 0)
    report.failure("migrations", {
      detail: `${missing.join(", ")} is missing`,
      meaning: "The programs expect a newer schema.",
      action: "npm run up",
    });
  else if (unknown.length > 0)
    report.warning("migrations", {
      detail: `the database has ${unknown.join(", ")}, which this checkout does not know`,
      meaning: "A newer version has run here.",
      action: "git pull, then npm run up",
    });
  else report.ok("migrations", `all ${wanted.length} are applied`);
}

function checkClock(report: Report, database: number, from: number, to: number): void {
  const off = database < from ? from - database : database > to ? database - to : 0;
  if (off > CLOCK_MS)
    report.failure("clock", {
      detail: `the database's differs by ${Math.round(off / 1_000)} s`,
      meaning: "Expiry, sign-ins and Reality (120 s) go by the clock.",
      action: "timedatectl set-ntp true, on both machines",
    });
  else report.ok("clock", "the database's agrees with this machine's");
}
