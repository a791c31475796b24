import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Clock } from "#server/clock.ts";
import type { Check, Ledger } from "../limits/ledger.ts";
import { LocalBuckets } from "../limits/local-buckets.ts";
import { networkOf } from "../net/network-of.ts";
import type { KnownNetworks } from "./known-networks.ts";

/** Wrong credentials at once, and how many a second after that: over all processes of the installation. */
const BUDGETS = {
  /** One network at one name. */
  pair: { burst: 10, perSecond: 1 / 6 },
  /** One network at any names: spraying. */
  network: { burst: 50, perSecond: 1 },
  /** One name from any networks, those it is known from left out. */
  name: { burst: 50, perSecond: 1 },
} as const;
/** How long after a wrong credential its name and network are looked at closely. */
const MARKED_MS = 60_000;
const MAX_ENTRIES = 50_000;
const MAX_NAME = 64;

export type Guess = Record<keyof typeof BUDGETS, string>;

type Options = {
  clock: Clock;
  ledger: Pick<Ledger, "book">;
  /** That share the budgets, as last heard: while Redis is away each takes its part. */
  processes: () => number;
  known: Pick<KnownNetworks, "has">;
};

/**
 * Guessing of credentials. Who has been right before from the same network is always heard, so an attacker elsewhere,
 * or behind the same NAT at other names, locks nobody out. Where nobody has been wrong lately nothing is asked; else
 * a guess is paid for before the credential is looked at, so that guesses at once cannot all pass.
 */
export class GuessThrottle {
  readonly #options: Options;
  readonly #right = new LRUCache<string, true>({ max: MAX_ENTRIES });
  readonly #marks = new LRUCache<string, number>({ max: MAX_ENTRIES });
  readonly #local = new LocalBuckets();

  constructor(options: Options) {
    this.#options = options;
  }

  guessOf(ip: string, who: string): Guess {
    const network = networkOf(ip);
    const name = who.slice(0, MAX_NAME);
    return { pair: `${network} ${name}`, network, name };
  }

  isKnown(guess: Guess): boolean {
    return this.#right.get(guess.pair) === true;
  }

  /** The credential may be looked at without a word with others. */
  isClear(guess: Guess): boolean {
    if (this.isKnown(guess) || this.#marks.size === 0) return true;
    const now = this.#options.clock.now();
    for (const mark of marksOf(guess)) if ((this.#marks.get(mark) ?? 0) > now) return false;
    return true;
  }

  /** Pays for a guess that is not clear. Null: look at it; else when to try again. `userId`: whose name it is. */
  async pay(guess: Guess, userId: string | null): Promise<{ retryAfterSeconds: number } | null> {
    const checks = checksOf(guess);
    const failing = await this.#options.ledger.book(checks).catch(() => this.#payAlone(checks));
    if (failing === null) return null;
    if (userId !== null && (await this.#options.known.has(userId, guess.network))) {
      this.succeeded(guess);
      return null;
    }
    const perSecond = failing.kind === "rate" ? failing.perSecond : 1;
    return { retryAfterSeconds: Math.ceil(1 / perSecond) };
  }

  /** `isPaid`: before it was looked at. */
  failed(guess: Guess, isPaid: boolean): void {
    if (this.isKnown(guess)) return;
    const until = this.#options.clock.now() + MARKED_MS;
    for (const mark of marksOf(guess)) this.#marks.set(mark, until);
    if (isPaid) return;
    const checks = checksOf(guess);
    this.#options.ledger.book(checks).catch(() => this.#payAlone(checks));
  }

  succeeded(guess: Guess): void {
    if (!this.isKnown(guess)) this.#right.set(guess.pair, true);
  }

  #payAlone(checks: readonly RateCheck[]): Check | null {
    const processes = Math.max(1, this.#options.processes());
    for (const check of checks) {
      const burst = Math.max(1, check.burst / processes);
      if (!this.#local.take(check.key, burst, check.perSecond / processes)) return check;
    }
    return null;
  }
}

type RateCheck = Extract<Check, { kind: "rate" }>;

const marksOf = ({ pair, network, name }: Guess) => [`p ${pair}`, `n ${network}`, `a ${name}`];

/** What is nobody's name may be a password in the wrong place: Redis gets neither. */
function checksOf(guess: Guess): RateCheck[] {
  return (["pair", "network", "name"] as const).map((kind) => ({
    kind: "rate",
    key: `guess:${kind}:${createHash("sha256").update(guess[kind]).digest("base64url").slice(0, 22)}`,
    ...BUDGETS[kind],
  }));
}
