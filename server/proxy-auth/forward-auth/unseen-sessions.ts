import { LRUCache } from "lru-cache";
import type { Clock } from "#server/clock.ts";
import { networkOf } from "../net/network-of.ts";

/** Look-ups that find nothing: at once, and how many a second after that. Each process has its own. */
const NETWORK = { burst: 50, perSecond: 1 };
const EVERYBODY = { burst: 500, perSecond: 20 };
const MAX_NETWORKS = 10_000;

type Size = typeof NETWORK;

/**
 * What cookies that nobody here has seen may cost the panel. Those that turn out to be sessions cost nothing, however
 * many come at once: while look-ups are under way the next ones wait for a place. Once the budget of an address (IPv6:
 * /64) or of all together is spent, a cookie is not looked at, and its browser is sent to sign in like any other's: a
 * new sign-in is in Redis, which is asked first and always.
 */
export class UnseenSessions {
  readonly #clock: Clock;
  readonly #onSpent: () => void;
  readonly #networks = new LRUCache<string, Budget>({ max: MAX_NETWORKS });
  readonly #everybody: Budget;

  constructor(options: { clock: Clock; onSpent?: () => void }) {
    this.#clock = options.clock;
    this.#onSpent = options.onSpent ?? (() => {});
    this.#everybody = new Budget(EVERYBODY, this.#clock.now());
  }

  /** Undefined: not looked at. What throws, or was given up by `signal`, costs nothing either. */
  async look<V>(
    from: string,
    signal: AbortSignal,
    ask: () => Promise<V | null>,
  ): Promise<V | null | undefined> {
    const budgets = [this.#budgetOf(networkOf(from)), this.#everybody];
    for (;;) {
      const now = this.#clock.now();
      const short = budgets.find((budget) => !budget.hasPlace(now));
      if (short === undefined) break;
      if (short.isSpent) {
        this.#onSpent();
        return undefined;
      }
      await short.whenOneEnds();
      signal.throwIfAborted();
    }
    for (const budget of budgets) budget.begin();
    let isFree = true;
    try {
      const found = await ask();
      isFree = found !== null;
      return found;
    } finally {
      for (const budget of budgets) budget.end(isFree);
    }
  }

  #budgetOf(network: string): Budget {
    const known = this.#networks.get(network);
    if (known) return known;
    const budget = new Budget(NETWORK, this.#clock.now());
    this.#networks.set(network, budget);
    return budget;
  }
}

class Budget {
  readonly #size: Size;
  #tokens: number;
  #at: number;
  #underWay = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(size: Size, now: number) {
    this.#size = size;
    this.#tokens = size.burst;
    this.#at = now;
  }

  get isSpent(): boolean {
    return this.#underWay === 0;
  }

  hasPlace(now: number): boolean {
    const { burst, perSecond } = this.#size;
    // What is under way still holds its own.
    const most = burst - this.#underWay;
    this.#tokens = Math.min(most, this.#tokens + (Math.max(0, now - this.#at) * perSecond) / 1000);
    this.#at = now;
    return this.#tokens >= 1;
  }

  begin(): void {
    this.#tokens -= 1;
    this.#underWay += 1;
  }

  end(isFree: boolean): void {
    this.#underWay -= 1;
    if (isFree) this.#tokens += 1;
    // The last one wakes all: with no place left they are refused.
    const count = this.#underWay === 0 ? this.#waiting.length : Math.max(0, Math.floor(this.#tokens));
    for (const goOn of this.#waiting.splice(0, count)) goOn();
  }

  whenOneEnds(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
