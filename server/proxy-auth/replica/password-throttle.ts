import { isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";
import { LRUCache } from "lru-cache";
import type { Clock } from "#server/clock.ts";

const BURST = 10;
const REFILL_MS = 6_000;
const MAX_PAIRS = 50_000;

type Pair = { tokens: number; at: number; hasSucceeded: boolean };

/**
 * Wrong passwords of one address for one name: ten at once, then one every 6 s. A pair that has been right before is
 * always heard, so guessing from behind the same NAT locks nobody out.
 */
export class PasswordThrottle {
  readonly #clock: Clock;
  readonly #pairs = new LRUCache<string, Pair>({ max: MAX_PAIRS });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isBlocked(ip: string, name: string): boolean {
    const pair = this.#pairs.get(keyOf(ip, name));
    return pair !== undefined && !pair.hasSucceeded && this.#refilled(pair) < 1;
  }

  failed(ip: string, name: string): void {
    const key = keyOf(ip, name);
    const pair = this.#pairs.get(key) ?? { tokens: BURST, at: this.#clock.now(), hasSucceeded: false };
    pair.tokens = Math.max(0, this.#refilled(pair) - 1);
    pair.at = this.#clock.now();
    this.#pairs.set(key, pair);
  }

  succeeded(ip: string, name: string): void {
    const pair = this.#pairs.get(keyOf(ip, name));
    if (pair) pair.hasSucceeded = true;
    else this.#pairs.set(keyOf(ip, name), { tokens: BURST, at: this.#clock.now(), hasSucceeded: true });
  }

  #refilled(pair: Pair): number {
    return Math.min(BURST, pair.tokens + (this.#clock.now() - pair.at) / REFILL_MS);
  }
}

/** An IPv6 client owns a whole /64, however the address is written. */
function keyOf(ip: string, name: string): string {
  const network = ip.includes(":") && isIPv6(ip) ? ipaddr.IPv6.parse(ip).parts.slice(0, 4).join(":") : ip;
  return `${network} ${name}`;
}
