import { LRUCache } from "lru-cache";

const MAX_KEYS = 10_000;

/** Token buckets of this process, for the time without Redis. */
export class LocalBuckets {
  readonly #buckets = new LRUCache<string, { tokens: number; at: number }>({ max: MAX_KEYS });

  take(key: string, burst: number, perSecond: number): boolean {
    const now = performance.now();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1000);
    const isEnough = tokens >= 1;
    this.#buckets.set(key, { tokens: isEnough ? tokens - 1 : tokens, at: now });
    return isEnough;
  }
}
