import type { Redis } from "ioredis";
import { getDb } from "#server/db.ts";

const WITHIN_MS = 1_000;

/** What the controller cannot do its job without, and does not have now. */
export async function findMissing({ redis }: { redis: Redis }): Promise<string[]> {
  const [hasPostgres, hasRedis] = await Promise.all([
    answers(getDb().$queryRaw`SELECT 1`),
    answers(redis.ping()),
  ]);
  return [...(hasPostgres ? [] : ["postgres"]), ...(hasRedis ? [] : ["redis"])];
}

function answers(question: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), WITHIN_MS);
    question
      .then(
        () => resolve(true),
        () => resolve(false),
      )
      .finally(() => clearTimeout(timer));
  });
}
