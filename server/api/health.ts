import { getDb } from "#server/db.ts";
import type { WebRuntime } from "./web-runtime.ts";

const TIMEOUT_MS = 1_000;

/** What web needs and cannot reach, by program name. */
export async function readReadiness(runtime: WebRuntime): Promise<("postgres" | "redis")[]> {
  const [isPostgresUp, isRedisUp] = await Promise.all([pingPostgres(), pingRedis(runtime)]);
  return [...(isPostgresUp ? [] : (["postgres"] as const)), ...(isRedisUp ? [] : (["redis"] as const))];
}

const pingPostgres = () => answers(() => getDb().$queryRaw`SELECT 1`);
const pingRedis = (runtime: WebRuntime) => answers(() => runtime.redis.ping());

async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), TIMEOUT_MS);
  const asked = (async () => ask())().then(
    () => true,
    () => false,
  );
  const isUp = await Promise.race([asked, late.promise]);
  clearTimeout(timer);
  return isUp;
}
