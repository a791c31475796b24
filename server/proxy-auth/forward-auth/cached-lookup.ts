import { LRUCache } from "lru-cache";
import type { Clock } from "#server/clock.ts";

/** Answered from memory, or not. */
export type OnLookup = (isHit: boolean) => void;
type Entry<V> = { value: V | null; at: number; generation: number };
/** Room for "no": apart, so that a storm of made-up ones pushes out nobody who was right. */
const MAX_DENIED = 10_000;
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
  /** `from`: the asker's address. Undefined: not looked for, nothing to remember. */
  fetch: (key: string, signal: AbortSignal, from: string) => Promise<V | null | undefined>;
};

/**
 * Credentials by their hash: a short memory, one question at a time a key, and revocations that also hold for
 * answers which were already on their way.
 */
export class CachedLookup<V> {
  readonly #options: LookupOptions<V>;
  readonly #entries: LRUCache<string, Entry<V>>;
  readonly #denied = new LRUCache<string, Entry<V>>({ max: MAX_DENIED });
  readonly #underWay = new Map<string, Promise<V | null>>();
  readonly #revokedUntil = new Map<string, number>();
  #generation = 0;

  constructor(options: LookupOptions<V>) {
    this.#options = options;
    this.#entries = new LRUCache({ max: options.max });
  }

  /** Null = not valid. Throws when nobody could be asked in time. */
  async find(key: string, timeoutMs: number, from: string): Promise<V | null> {
    const known = this.peek(key);
    this.#options.onLookup?.(known !== undefined);
    if (known !== undefined) return known;
    const asking = this.#underWay.get(key) ?? this.#ask(key, timeoutMs, from);
    return this.#unlessRevoked(await asking, key);
  }

  /** What is remembered and still may be repeated; undefined = it must be asked for. */
  peek(key: string): V | null | undefined {
    const { clock, maxAgeMs, maxNegativeAgeMs } = this.#options;
    const known = this.#entries.get(key) ?? this.#denied.get(key);
    if (!known || known.generation !== this.#generation) return undefined;
    if (clock.now() - known.at >= (known.value === null ? maxNegativeAgeMs : maxAgeMs)) return undefined;
    return this.#unlessRevoked(known.value, key);
  }

  /** The last answer was yes, however old: nobody's guess. */
  wasRight(key: string): boolean {
    const value = this.#entries.get(key)?.value ?? null;
    return this.#unlessRevoked(value, key) !== null;
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

  /** What was revoked meanwhile is unknown: ask again for everything, also for what is being asked. */
  forget(): void {
    this.#generation += 1;
    this.#underWay.clear();
  }

  #ask(key: string, timeoutMs: number, from: string): Promise<V | null> {
    const generation = this.#generation;
    const asking = this.#options
      .fetch(key, AbortSignal.timeout(timeoutMs), from)
      .then((value) => {
        if (value === undefined) return null;
        const entry = { value, at: this.#options.clock.now(), generation };
        (value === null ? this.#denied : this.#entries).set(key, entry);
        (value === null ? this.#entries : this.#denied).delete(key);
        return value;
      })
      .finally(() => {
        if (this.#underWay.get(key) === asking) this.#underWay.delete(key);
      });
    this.#underWay.set(key, asking);
    return asking;
  }

  #unlessRevoked(value: V | null, key: string): V | null {
    if (value === null) return null;
    const until = this.#revokedUntil.get(this.#options.idOf(value, key)) ?? 0;
    return until > this.#options.clock.now() ? null : value;
  }
}
