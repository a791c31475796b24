import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { preparePlatform } from "#test/database.ts";
import { makeNode, makeUser } from "#test/made.ts";
import { READER, readerStatements } from "./reader.ts";

const platform = preparePlatform();
const PASSWORD = 'it\'s a secret; DROP TABLE "user"';
let reader: pg.Client;
const connect = async (database?: string) => {
  const url = new URL(platform.databaseUrl);
  url.username = READER;
  url.password = encodeURIComponent(PASSWORD);
  if (database) url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
};
const namesOf = async (client: pg.Client, sql: string) =>
  (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);

beforeAll(async () => {
  const owner = new pg.Client({ connectionString: platform.databaseUrl });
  await owner.connect();
  const database = new URL(platform.databaseUrl).pathname.slice(1);
  // Twice: every `up` runs them.
  for (let count = 0; count < 2; count++)
    for (const sql of readerStatements({ password: PASSWORD, database, owner: "postgres" }))
      await owner.query(sql);
  await owner.end();
  reader = await connect();
});
afterAll(() => reader.end());

describe("the dashboards' role", () => {
  it("is refused every table, every other view and every sequence", async () => {
    const relations = await namesOf(
      reader,
      `SELECT format('%I.%I', nspname, relname) AS name FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
       WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND nspname NOT IN ('pg_catalog', 'information_schema', 'reporting', 'pg_toast')`,
    );
    expect(relations.length).toBeGreaterThan(20);
    for (const relation of relations)
      await expect(reader.query(`SELECT * FROM ${relation} LIMIT 1`), relation).rejects.toThrow(
        /permission denied/,
      );
  });

  it("reads each view, and no column of them is a secret or leads to a person but the login name", async () => {
    await makeNode("edge-1");
    const user = await makeUser({ email: "ada@example.org" });
    const views = await namesOf(
      reader,
      "SELECT table_name AS name FROM information_schema.views WHERE table_schema = 'reporting' ORDER BY 1",
    );
    expect(views).toEqual(
      ["action", "door", "node", "usage_1d", "usage_1h", "usage_5m", "user_totals", "users_by_status"].sort(),
    );
    const texts: string[] = [];
    for (const view of views) texts.push(JSON.stringify((await reader.query(`SELECT * FROM ${view}`)).rows));
    const all = texts.join("\n");
    expect(all).toContain(user.name);
    expect(all).toContain("edge-1");
    expect(all).not.toMatch(/ada@example\.org|127\.0\.0\.1|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it("says every status, also those that nobody has", async () => {
    const { rows } = await reader.query("SELECT status, users FROM users_by_status ORDER BY 1");
    expect(rows.map(({ status }) => status)).toEqual(["active", "disabled", "expired", "limited", "on_hold"]);
  });

  it.each([
    ["write", "UPDATE door SET name = 'x'"],
    ["make a table", "CREATE TABLE reporting.x (a int)"],
    ["make a temporary table", "CREATE TEMPORARY TABLE x (a int)"],
    ["make a function", "CREATE FUNCTION reporting.x() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
    ["read a file", "SELECT pg_read_file('/etc/passwd')"],
    ["run a program", "COPY (SELECT 1) TO PROGRAM 'true'"],
    ["hold up writers by an advisory lock", "SELECT pg_advisory_lock(1)"],
    ["store a large object", "SELECT lo_create(0)"],
    ["lift its limit of temporary files", "SET temp_file_limit = -1"],
    ["become the owner", "SET ROLE postgres"],
    [
      "end others' connections",
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
    ],
  ])("cannot %s, also after it lifts read-only", async (_what, sql) => {
    const client = await connect();
    await client.query("SET default_transaction_read_only = off");
    await expect(client.query(sql)).rejects.toThrow(
      /permission denied|must be|not allowed|only roles|cannot/i,
    );
    await client.end();
  });

  it("cannot enter another database, and starts with a time limit and read-only", async () => {
    await expect(connect("postgres")).rejects.toThrow(/permission denied for database/);
    const { rows } = await reader.query(
      "SELECT current_setting('statement_timeout') AS timeout, current_setting('transaction_read_only') AS ro",
    );
    expect(rows).toEqual([{ timeout: "15s", ro: "on" }]);
  });

  it("gets ten connections", async () => {
    const clients = await Promise.all(Array.from({ length: 9 }, () => connect()));
    await expect(connect()).rejects.toThrow(/too many connections/);
    await Promise.all(clients.map((client) => client.end()));
  });
});
