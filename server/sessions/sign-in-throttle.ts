import type { Redis } from "ioredis";
import { addressKey } from "./address-key.ts";
import { createRateLimit } from "./rate-limit.ts";

const WINDOW_SECONDS = 15 * 60;
/** Wrong panel passwords a window: for one account from one address, and for one address over all accounts. */
const PER_ACCOUNT = 8;
const PER_ADDRESS = 60;

export type SignInThrottle = {
  /** Counts an attempt before the password is looked at (a burst cannot slip through); throws RATE_LIMITED. */
  enter(name: string, ip: string | null): Promise<void>;
  /** The attempt was right: it does not count. */
  forgive(name: string, ip: string | null): Promise<void>;
};

const throttles = new WeakMap<Redis, SignInThrottle>();

/** One for all places that take a panel password. */
export function signInThrottle(redis: Redis): SignInThrottle {
  const throttle = throttles.get(redis) ?? createSignInThrottle(redis);
  throttles.set(redis, throttle);
  return throttle;
}

function createSignInThrottle(redis: Redis): SignInThrottle {
  const limit = (name: string, points: number) =>
    createRateLimit(redis, { name: `sign-in-${name}`, points, seconds: WINDOW_SECONDS });
  const accounts = limit("account", PER_ACCOUNT);
  const addresses = limit("address", PER_ADDRESS);
  const accountKey = (name: string, ip: string | null) => `${addressKey(ip)}|${name.trim().toLowerCase()}`;
  return {
    async enter(name, ip) {
      await addresses.consume(addressKey(ip));
      await accounts.consume(accountKey(name, ip));
    },
    async forgive(name, ip) {
      await Promise.all([accounts.forget(accountKey(name, ip)), addresses.giveBack(addressKey(ip))]);
    },
  };
}
