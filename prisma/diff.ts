import { readFileSync } from "node:fs";
import { migrate } from "./migrate.ts";
import { diffSchema } from "./schema-engine.ts";

// After editing schema.prisma: prints the SQL of the next migration. DATABASE_URL_FILE names a scratch database,
// which is migrated first; put the SQL into prisma/migrations/<time>_<name>/migration.sql.
const file = process.env.DATABASE_URL_FILE;
if (!file) throw new Error("Set DATABASE_URL_FILE to a file with the URL of a scratch database.");
const databaseUrl = readFileSync(file, "utf8").trim();
await migrate({ databaseUrl });
const sql = await diffSchema(databaseUrl);
process.stdout.write(sql === "" ? "-- schema.prisma and the migrations agree.\n" : `${sql}\n`);
