import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import { createEngineAdapter } from "./engine-adapter.ts";

const migrationsDir = fileURLToPath(new URL("./migrations/", import.meta.url));
const schemaPath = fileURLToPath(new URL("./schema.prisma", import.meta.url));

/** As prisma.config.ts says it to Prisma's own CLI. */
export const schemaFilter = {
  externalTables: ["public.usage_5m", "public.usage_1h", "public.usage_1d"],
  externalEnums: [],
};

let isLoaded = false;
async function loadWasm(): Promise<void> {
  if (isLoaded) return;
  const path = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const wasm = readFileSync(path.replace(/\.js$/, ".wasm"));
  const imports = Object.fromEntries(
    Object.entries(bindings).map(([name, value]) => [
      name,
      // The engine leaves its 10 s lock timer running: it must not keep the process alive.
      name.startsWith("__wbg_setTimeout")
        ? (callback: () => void, ms: number) => setTimeout(callback, ms).unref()
        : value,
    ]),
  );
  const { instance } = await WebAssembly.instantiate(wasm, {
    "./schema_engine_bg.js": imports as WebAssembly.ModuleImports,
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  isLoaded = true;
}

/** Prisma's schema engine in process: its native one cannot be downloaded everywhere (docs/decisions/002). */
export async function createSchemaEngine(databaseUrl: string): Promise<bindings.SchemaEngine> {
  await loadWasm();
  const schema = readFileSync(schemaPath, "utf8");
  return bindings.SchemaEngine.new(
    { datamodels: [[schemaPath, schema]] },
    () => {},
    createEngineAdapter(databaseUrl),
  );
}

export function readMigrations(): bindings.MigrationList {
  const names = readdirSync(migrationsDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: migrationsDir,
    lockfile: {
      path: "migration_lock.toml",
      content: readFileSync(`${migrationsDir}migration_lock.toml`, "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: readFileSync(`${migrationsDir}${name}/migration.sql`, "utf8") },
      },
    })),
  };
}

/** SQL that would bring the database to schema.prisma; empty text = nothing to do. */
export async function diffSchema(databaseUrl: string): Promise<string> {
  const engine = await createSchemaEngine(databaseUrl);
  try {
    const files = [{ path: schemaPath, content: readFileSync(schemaPath, "utf8") }];
    const result = await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: fileURLToPath(new URL(".", import.meta.url)) },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: null,
      filters: schemaFilter,
    });
    const sql = result.stdout ?? "";
    return sql.includes("This is an empty migration") ? "" : sql.trim();
  } finally {
    engine.free();
  }
}
