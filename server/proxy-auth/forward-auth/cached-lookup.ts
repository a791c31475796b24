import { LRUCache } from "lru-cache";
import type { Clock } from "#server/clock.ts";

/** Answered from memory, or not. */
export type OnLookup = (isHit: boolean) => void;
type Entry<V> = { value: V | null; at: number };
type LookupOptions<V> = {
  clock: Clock;
  max: number;
  /** How long an answer may be repeated. */
  maxAgeMs: number;
  /** The same for "there is none". */
  maxNegativeAgeMs: number;
  /** Longer than any cache on the way can repeat what has been revoked. */
  revokedForMs: number;
  idOf: (value: V, key: string) => string;
  onLookup?: OnLookup;
  fetch: (key: string, signal: AbortSignal) => Promise<V | null>;
};

/**
 * Credentials by their hash: a short memory, one question at a time a key, and revocations that also hold for
 * answers which were already on their way.
 */
export class CachedLookup<V> {
  readonly #options: LookupOptions<V>;
  readonly #entries: LRUCache<string, Entry<V>>;
  readonly #underWay = new Map<string, Promise<V | null>>();
  readonly #revokedUntil = new Map<string, number>();

  constructor(options: LookupOptions<V>) {
    this.#options = options;
    this.#entries = new LRUCache({ max: options.max });
  }

  /** Null = not valid. Throws when nobody could be asked in time. */
  async find(key: string, timeoutMs: number): Promise<V | null> {
    const { clock, maxAgeMs, maxNegativeAgeMs } = this.#options;
    const known = this.#entries.get(key);
    if (known && clock.now() - known.at < (known.value === null ? maxNegativeAgeMs : maxAgeMs)) {
      this.#options.onLookup?.(true);
      return this.#unlessRevoked(known.value, key);
    }
    this.#options.onLookup?.(false);
    const asking = this.#underWay.get(key) ?? this.#ask(key, timeoutMs);
    return this.#unlessRevoked(await asking, key);
  }

  /** What is remembered and still may be repeated; undefined = it must be asked for. */
  peek(key: string): V | null | undefined {
    const { clock, maxAgeMs, maxNegativeAgeMs } = this.#options;
    const known = this.#entries.get(key);
    if (!known || clock.now() - known.at >= (known.value === null ? maxNegativeAgeMs : maxAgeMs))
      return undefined;
    return this.#unlessRevoked(known.value, key);
  }

  revoke(id: string): void {
    const { clock, revokedForMs } = this.#options;
    this.#revokedUntil.delete(id);
    this.#revokedUntil.set(id, clock.now() + revokedForMs);
    for (const [oldest, until] of this.#revokedUntil) {
      if (until > clock.now()) break;
      this.#revokedUntil.delete(oldest);
    }
  }

  /** What was revoked meanwhile is unknown: ask again for everything. */
  forget(): void {
    this.#entries.clear();
  }

  #ask(key: string, timeoutMs: number): Promise<V | null> {
    const asking = this.#options
      .fetch(key, AbortSignal.timeout(timeoutMs))
      .then((value) => {
        this.#entries.set(key, { value, at: this.#options.clock.now() });
        return value;
      })
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, asking);
    return asking;
  }

  #unlessRevoked(value: V | null, key: string): V | null {
    if (value === null) return null;
    const until = this.#revokedUntil.get(this.#options.idOf(value, key)) ?? 0;
    return until > this.#options.clock.now() ? null : value;
  }
}
