import type { Redis } from "ioredis";
import { findSignInUser, type SignInUser } from "#server/users/find-sign-in-user.ts";
import { addressKey } from "./address-key.ts";
import { createRateLimit } from "./rate-limit.ts";

const WINDOW_SECONDS = 15 * 60;
/** Wrong panel passwords a window: for one account from one address, and for one address over all accounts. */
const PER_ACCOUNT = 8;
const PER_ADDRESS = 60;

export type SignInAttempt = {
  /** Whom it is for; their password has not been looked at. */
  user: SignInUser | null;
  /** It was right: it does not count. */
  forgive(): Promise<void>;
};
export type SignInThrottle = {
  /** Counts an attempt before the password is looked at (a burst cannot slip through); throws RATE_LIMITED. */
  enter(name: string, ip: string | null): Promise<SignInAttempt>;
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
  return {
    async enter(name, ip) {
      const address = addressKey(ip);
      await addresses.consume(address);
      const user = await findSignInUser(name);
      const account = `${address}|${accountOf(user, name)}`;
      await accounts.consume(account);
      return {
        user,
        async forgive() {
          await Promise.all([accounts.forget(account), addresses.giveBack(address)]);
        },
      };
    },
  };
}

/** Name and e-mail address of one person are one account; what is nobody's counts just the same, by how it reads. */
const accountOf = (user: SignInUser | null, typed: string): string =>
  user === null ? `text:${typed.trim().toLowerCase()}` : `id:${user.id}`;
