import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { inData, logPath } from "#stack/paths.ts";
import { readerStatements } from "#stack/postgres/reader.ts";
import { removeStaleLock } from "#stack/postgres/stale-lock.ts";
import { giveTo, type PostgresRunner, preparePostgresRunner } from "#stack/postgres/system-user.ts";
import { step } from "#stack/progress.ts";
import { runCommand } from "#stack/run-command.ts";
import type { Secrets } from "#stack/secrets.ts";
import { StackError } from "#stack/stack-error.ts";

const MAJOR = "18";
export const postgresDirectory = () => inData("postgres");

/** Makes the cluster the first time; answers how to start its server. */
export async function preparePostgres(bin: string, secrets: Secrets): Promise<PostgresRunner> {
  const directory = postgresDirectory();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const runner = await preparePostgresRunner(join(bin, "postgres"), dirname(directory));
  giveTo(directory, runner.owner);
  const versionFile = join(directory, "PG_VERSION");
  if (existsSync(versionFile)) {
    const found = readFileSync(versionFile, "utf8").trim();
    if (found !== MAJOR)
      throw new StackError(
        `${directory} belongs to PostgreSQL ${found}, this is ${MAJOR}. Restore a backup into a new one.`,
      );
  } else await step("Creating the database", () => initialize(bin, directory, runner, secrets));
  removeStaleLock(directory);
  return runner;
}

async function initialize(bin: string, directory: string, runner: PostgresRunner, secrets: Secrets) {
  // A cluster that was never finished has no PG_VERSION, but initdb wants an empty directory.
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { mode: 0o700 });
  giveTo(directory, runner.owner);
  const passwordFile = join(directory, "..", "postgres-password.tmp");
  writeFileSync(passwordFile, `${secrets.postgresSuperPassword}\n`, { mode: 0o600 });
  giveTo(passwordFile, runner.owner);
  const args = [
    "--pgdata",
    directory,
    "--username=postgres",
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
  ];
  args.push("--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions");
  const [command = "", ...rest] = [...runner.prefix, join(bin, "initdb"), ...args];
  try {
    await runCommand(command, rest, "initdb", { cwd: "/" });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Listening is not yet answering: after a crash it replays its log first. */
async function connectWhenUp(
  address: string,
  secrets: Secrets,
  patienceMs: number,
  database = "postgres",
): Promise<pg.Client> {
  const deadline = Date.now() + patienceMs;
  const colon = address.lastIndexOf(":");
  for (;;) {
    const client = new pg.Client({
      host: address.slice(0, colon),
      port: Number(address.slice(colon + 1)),
      user: "postgres",
      password: secrets.postgresSuperPassword,
      database,
    });
    try {
      await client.connect();
      return client;
    } catch (error) {
      const { message } = error as Error;
      if (Date.now() > deadline)
        throw new StackError(`postgres does not get ready (${message}). Read ${logPath("postgres")}.`);
      await sleep(50);
    }
  }
}

/** A statement with a password must not reach the log, however slow the disk is. */
const UNLOGGED = "SET log_min_duration_statement = -1; SET log_min_error_statement = panic";

/** Role and database of our programs; the role owns its database and nothing else. */
export async function ensureDatabase(address: string, secrets: Secrets): Promise<void> {
  const client = await connectWhenUp(address, secrets, 60_000);
  try {
    await client.query(UNLOGGED);
    const role = await client.query("SELECT 1 FROM pg_roles WHERE rolname = 'causeway'");
    const verb = role.rowCount === 0 ? "CREATE" : "ALTER";
    await client.query(`${verb} ROLE causeway LOGIN PASSWORD ${pg.escapeLiteral(secrets.postgresPassword)}`);
    const database = await client.query("SELECT 1 FROM pg_database WHERE datname = 'causeway'");
    if (database.rowCount === 0) await client.query("CREATE DATABASE causeway OWNER causeway");
  } finally {
    await client.end();
  }
}

/** The role of dashboards; after the migrations, which make what it reads. */
export async function ensureReader(address: string, secrets: Secrets): Promise<void> {
  const client = await connectWhenUp(address, secrets, 10_000, "causeway");
  try {
    await client.query(UNLOGGED);
    for (const sql of readerStatements({ password: secrets.readerPassword })) await client.query(sql);
  } finally {
    await client.end();
  }
}

export function postgresArguments(port: number): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: "128MB",
    log_line_prefix: "%m [%p] %u@%d ",
    log_min_duration_statement: "2s",
    // A slow or failing statement is logged without its values: they hold hashes and addresses of people.
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
    timezone: "UTC",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["-D", postgresDirectory(), ...flags];
}
