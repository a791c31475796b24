import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "#server/generated/prisma/client.ts";
import { traceQueries } from "./tracing-postgres.ts";

/** Next bundles modules more than once: what must be one a process stands on globalThis. */
const holder = globalThis as { causewayDb?: PrismaClient };

/** Call once at start. Connections open at the first query. */
export function initDb(url: string, options: { maxConnections?: number } = {}): PrismaClient {
  holder.causewayDb ??= new PrismaClient({
    adapter: traceQueries(
      new PrismaPg({
        connectionString: url,
        max: options.maxConnections ?? 10,
        connectionTimeoutMillis: 5_000,
        // The adapter reads every timestamptz as UTC, whatever the server's zone.
        options: "-c timezone=UTC",
      }),
    ),
    transactionOptions: { maxWait: 5_000, timeout: 30_000 },
  });
  return holder.causewayDb;
}

export function getDb(): PrismaClient {
  if (!holder.causewayDb) throw new Error("Call initDb(url) at start, before any service.");
  return holder.causewayDb;
}

export async function closeDb(): Promise<void> {
  const db = holder.causewayDb;
  delete holder.causewayDb;
  await db?.$disconnect();
}
