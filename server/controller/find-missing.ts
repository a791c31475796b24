import type { Redis } from "ioredis";
import { getDb } from "#server/db.ts";
import { createProbe } from "#server/readiness.ts";

const WITHIN_MS = 700;

export const MAY_BE_MISSING = ["postgres", "redis"] as const;

/** What the controller cannot do its job without, and does not have now. */
export function createFindMissing({
  redis,
}: {
  redis: Redis;
}): () => Promise<(typeof MAY_BE_MISSING)[number][]> {
  const isPostgresUp = createProbe(() => getDb().$queryRaw`SELECT 1`, WITHIN_MS);
  const isRedisUp = createProbe(() => redis.ping(), WITHIN_MS);
  return async () => {
    const [hasPostgres, hasRedis] = await Promise.all([isPostgresUp(), isRedisUp()]);
    return [...(hasPostgres ? [] : (["postgres"] as const)), ...(hasRedis ? [] : (["redis"] as const))];
  };
}
