import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { rateLimited } from "#server/errors.ts";

export type RateLimit = {
  /** Throws RATE_LIMITED when the key has no points left. */
  consume(key: string): Promise<void>;
  /** Gives one point back. */
  giveBack(key: string): Promise<void>;
  forget(key: string): Promise<void>;
};

/** `points` a window, counted in Redis, and in this process while Redis is away. */
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
    async giveBack(key) {
      await limiter.reward(key, 1);
    },
    async forget(key) {
      await limiter.delete(key);
    },
  };
}
