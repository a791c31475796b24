import { defineConfig } from "prisma/config";

// process.env, not env(): generate must work without a database (docs/decisions/002-prisma-without-engines.md).
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
  experimental: { externalTables: true },
  tables: { external: ["public.usage_5m", "public.usage_1h", "public.usage_1d"] },
});
