import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { rateLimited } from "#server/errors.ts";

const WINDOW_SECONDS = 15 * 60;
/** Wrong passwords a window: for one account from one address, and for one address over all accounts. */
const PER_ACCOUNT = 8;
const PER_ADDRESS = 60;

export type SignInThrottle = {
  /** Counts an attempt before the password is looked at (a burst cannot slip through); throws RATE_LIMITED. */
  enter(name: string, ip: string | null): Promise<void>;
  /** The attempt was right: it does not count. */
  forgive(name: string, ip: string | null): Promise<void>;
};

/** Counts in Redis, and in this process while Redis is away. */
export function createSignInThrottle(redis: Redis): SignInThrottle {
  const limiter = (name: string, points: number) =>
    new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `limit:sign-in-${name}`,
      points,
      duration: WINDOW_SECONDS,
      insuranceLimiter: new RateLimiterMemory({ points, duration: WINDOW_SECONDS }),
    });
  const accounts = limiter("account", PER_ACCOUNT);
  const addresses = limiter("address", PER_ADDRESS);
  const addressKey = (ip: string | null) => ip ?? "unknown";
  const accountKey = (name: string, ip: string | null) => `${addressKey(ip)}|${name.trim().toLowerCase()}`;
  return {
    async enter(name, ip) {
      await consume(addresses, addressKey(ip));
      await consume(accounts, accountKey(name, ip));
    },
    async forgive(name, ip) {
      await Promise.all([accounts.delete(accountKey(name, ip)), addresses.reward(addressKey(ip), 1)]);
    },
  };
}

async function consume(limiter: RateLimiterRedis, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw rateLimited(Math.max(1, Math.ceil(refused.msBeforeNext / 1000)));
  }
}
