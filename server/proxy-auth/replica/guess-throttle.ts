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
  /** One network at a name known there, 300 in 15 min: five devices with yesterday's password, each trying every 15 s. */
  home: { burst: 300, perSecond: 1 / 3 },
} as const;
/** How long after a wrong credential its name and network are looked at closely. */
const MARKED_MS = 60_000;
const MAX_ENTRIES = 50_000;
const MAX_NAME = 64;

export type Guess = Record<"pair" | "network" | "name", string>;
export type Throttled = { retryAfterSeconds: number };

type Options = {
  clock: Clock;
  ledger: Pick<Ledger, "book">;
  /** That share the budgets, as last heard: while Redis is away each takes its part. */
  processes: () => number;
  known: Pick<KnownNetworks, "has">;
};

/**
 * Guessing of credentials. Where nobody has been wrong lately nothing is asked; else a guess is paid for before the
 * credential is looked at, so that guesses at once cannot all pass.
 *
 * At home, a network where the name has been right before, only wrong credentials are paid for, from a budget that no
 * guess from elsewhere touches. Once a neighbour has spent it, a credential is only compared with what this process
 * holds: the right one passes, any other is 429 and asks nobody. So a neighbour can neither lock the owner out nor
 * cost more than the comparison, but can go on comparing. That is safe because no person chose these secrets: 144
 * random bits of a proxy password, 256 of an API token. A token right for the first time since this process began waits
 * for the budget, as there is nothing here to compare it with.
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

  /** Must it be paid for first? `isRight`: by what this process holds itself. */
  mustPay(guess: Guess, isRight: boolean): boolean {
    return this.isKnown(guess) ? !isRight : !this.isClear(guess);
  }

  /** Null: look at the credential; else when to try again. `userId`: whose name it is. */
  async pay(guess: Guess, userId: string | null, isRight: boolean): Promise<Throttled | null> {
    if (!this.isKnown(guess)) {
      const refused = await this.#book(checksOf(guess));
      if (refused === null || userId === null) return refused;
      if (!(await this.#options.known.has(userId, guess.network))) return refused;
      this.succeeded(guess);
    }
    return isRight ? null : this.#book([checkOf("home", guess.pair)]);
  }

  /** `isPaid`: before it was looked at. */
  failed(guess: Guess, isPaid: boolean): void {
    if (this.isKnown(guess)) return;
    const until = this.#options.clock.now() + MARKED_MS;
    for (const mark of marksOf(guess)) this.#marks.set(mark, until);
    if (isPaid) return;
    void this.#book(checksOf(guess));
  }

  succeeded(guess: Guess): void {
    if (!this.isKnown(guess)) this.#right.set(guess.pair, true);
  }

  async #book(checks: readonly RateCheck[]): Promise<Throttled | null> {
    const failing = await this.#options.ledger.book(checks).catch(() => this.#payAlone(checks));
    if (failing === null) return null;
    const perSecond = failing.kind === "rate" ? failing.perSecond : 1;
    return { retryAfterSeconds: Math.ceil(1 / perSecond) };
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

const checksOf = (guess: Guess): RateCheck[] =>
  (["pair", "network", "name"] as const).map((kind) => checkOf(kind, guess[kind]));

/** What is nobody's name may be a password in the wrong place: Redis gets neither. */
function checkOf(kind: keyof typeof BUDGETS, whose: string): RateCheck {
  const digest = createHash("sha256").update(whose).digest("base64url").slice(0, 22);
  return { kind: "rate", key: `guess:${kind}:${digest}`, ...BUDGETS[kind] };
}
