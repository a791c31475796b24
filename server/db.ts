import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "#server/generated/prisma/client.ts";

/** On globalThis: Next bundles modules more than once, and the pool must be one a process. */
const holder = globalThis as { causewayDb?: PrismaClient };

/** Opens the pool (lazily connected). Called once, by the program's main. */
export function initDb(url: string, options: { poolSize?: number } = {}): PrismaClient {
  holder.causewayDb ??= new PrismaClient({
    adapter: new PrismaPg({
      connectionString: url,
      max: options.poolSize ?? 10,
      connectionTimeoutMillis: 3_000,
      idleTimeoutMillis: 30_000,
    }),
  });
  return holder.causewayDb;
}

export function getDb(): PrismaClient {
  if (holder.causewayDb === undefined) throw new Error("initDb was not called before the first query.");
  return holder.causewayDb;
}

export async function closeDb(): Promise<void> {
  const db = holder.causewayDb;
  delete holder.causewayDb;
  await db?.$disconnect();
}
