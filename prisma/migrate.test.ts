import pg from "pg";
import { expect, inject, it } from "vitest";
import { migrate } from "./migrate.ts";
import { diffSchema } from "./schema-engine.ts";

async function emptyDatabase(): Promise<string> {
  return (await fetch(`${inject("servicesUrl")}/empty-database`)).text();
}

it("creates a missing database, leaves no diff to schema.prisma, and does nothing the second time", async () => {
  const databaseUrl = await emptyDatabase();
  const applied = await migrate({ databaseUrl });
  expect(applied[0]).toMatch(/_init$/);
  expect(await diffSchema(databaseUrl)).toBe("");
  expect(await migrate({ databaseUrl })).toEqual([]);

  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`ALTER TABLE "user" DROP COLUMN note`);
  await client.end();
  expect(await diffSchema(databaseUrl)).toContain("note");
});

it("lets two programs migrate the same database at once", async () => {
  const databaseUrl = await emptyDatabase();
  const results = await Promise.all([migrate({ databaseUrl }), migrate({ databaseUrl })]);
  expect(new Set(results.flat()).size).toBe(results.flat().length);
  expect(results.flat()[0]).toMatch(/_init$/);
});

it("says what to check when the database does not answer", async () => {
  const databaseUrl = "postgresql://postgres@127.0.0.1:1/none";
  await expect(migrate({ databaseUrl, timeoutSeconds: 0 })).rejects.toThrow(
    /does not answer.*DATABASE_URL_FILE/,
  );
});
