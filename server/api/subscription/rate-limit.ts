import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { rateLimited } from "#server/errors.ts";

export type RateLimit = { consume(key: string): Promise<void> };

/** Counts in Redis, and in this process while Redis is away. Throws RATE_LIMITED. */
export function createRateLimit(
  redis: Redis,
  options: { name: string; points: number; seconds: number },
): RateLimit {
  const { points, seconds: duration } = options;
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `limit:${options.name}`,
    points,
    duration,
    insuranceLimiter: new RateLimiterMemory({ points, duration }),
  });
  return {
    async consume(key) {
      try {
        await limiter.consume(key);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        throw rateLimited(Math.max(1, Math.ceil(refused.msBeforeNext / 1000)));
      }
    },
  };
}
