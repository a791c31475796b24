import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { createSchemaEngine, readMigrations, schemaFilter } from "./schema-engine.ts";

/** Any number: two programs that migrate at once take turns. */
const MIGRATION_LOCK = 7_202_611;
const NO_SUCH_DATABASE = "3D000";
const NO_SUCH_TABLE = "42P01";

type Options = { databaseUrl: string; timeoutSeconds?: number };

/**
 * Waits for the database, creates it when it is missing, and applies what is not applied yet, with the normal
 * `_prisma_migrations` history. Answers the names of the migrations it applied.
 */
export async function migrate({ databaseUrl, timeoutSeconds = 30 }: Options): Promise<string[]> {
  const client = await connect(databaseUrl, Date.now() + timeoutSeconds * 1_000);
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const engine = await createSchemaEngine(databaseUrl);
    try {
      const result = await engine.applyMigrations({
        migrationsList: readMigrations(),
        filters: schemaFilter,
      });
      return result.appliedMigrationNames;
    } finally {
      engine.free();
    }
  } finally {
    await client.end();
  }
}

async function connect(databaseUrl: string, deadline: number): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if ((error as { code?: string }).code === NO_SUCH_DATABASE) await createDatabase(databaseUrl);
      else if (Date.now() > deadline)
        throw new Error(
          `PostgreSQL does not answer: ${(error as Error).message}. Check DATABASE_URL_FILE and that it runs.`,
          { cause: error },
        );
      else await sleep(250);
    }
  }
}

async function createDatabase(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    // Another program was faster: duplicate_database, or its row in pg_database.
    if (!["42P04", "23505"].includes((error as { code?: string }).code ?? "")) throw error;
  } finally {
    await client.end();
  }
}

/** What a run would apply, without applying it; a database that was never migrated lacks all. */
export async function listPending({ databaseUrl, timeoutSeconds = 30 }: Options): Promise<string[]> {
  const client = await connect(databaseUrl, Date.now() + timeoutSeconds * 1_000);
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL",
    );
    const applied = new Set(rows.map(({ name }) => name));
    return listMigrations().filter((name) => !applied.has(name));
  } catch (error) {
    if ((error as { code?: string }).code === NO_SUCH_TABLE) return listMigrations();
    throw error;
  } finally {
    await client.end();
  }
}

const listMigrations = () => readMigrations().migrationDirectories.map(({ path }) => path);

if (import.meta.main) {
  const file = process.env.DATABASE_URL_FILE;
  if (!file) throw new Error("Set DATABASE_URL_FILE to the file that holds the database's URL.");
  const databaseUrl = readFileSync(file, "utf8").trim();
  const isDry = process.argv.includes("--pending");
  const names = isDry ? await listPending({ databaseUrl }) : await migrate({ databaseUrl });
  const verb = isDry ? "To be applied:" : "Applied";
  process.stdout.write(
    names.length === 0 ? "The database is up to date.\n" : `${verb} ${names.join(", ")}.\n`,
  );
}
