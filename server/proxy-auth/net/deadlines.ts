import type { Clock } from "#server/clock.ts";
import type { Timeouts } from "./timeouts.ts";

/** A moment at which `run` is called, in whole seconds: never early, at most a second late. */
export type Deadline = { readonly second: number; readonly run: () => void };

/**
 * All time limits of all connections on one timer, which runs only while something waits. A tunnel costs a set
 * entry instead of a timer of its own.
 */
export class Deadlines {
  /** What the operator allows each stage. */
  readonly timeouts: Timeouts;
  readonly #clock: Clock;
  readonly #slots = new Map<number, Set<Deadline>>();
  #timer: NodeJS.Timeout | null = null;
  #lastSecond: number;
  #size = 0;

  constructor(clock: Clock, timeouts: Timeouts) {
    this.timeouts = timeouts;
    this.#clock = clock;
    this.#lastSecond = Math.floor(clock.now() / 1000);
  }

  get size(): number {
    return this.#size;
  }

  /** `at` in ms since 1970. */
  add(at: number, run: () => void): Deadline {
    const deadline = { second: Math.max(Math.ceil(at / 1000), this.#lastSecond + 1), run };
    const slot = this.#slots.get(deadline.second);
    if (slot) slot.add(deadline);
    else this.#slots.set(deadline.second, new Set([deadline]));
    this.#size += 1;
    this.#schedule();
    return deadline;
  }

  after(ms: number, run: () => void): Deadline {
    return this.add(this.#clock.now() + ms, run);
  }

  cancel(deadline: Deadline | null): void {
    if (deadline === null) return;
    const slot = this.#slots.get(deadline.second);
    if (!slot?.delete(deadline)) return;
    this.#size -= 1;
    if (slot.size === 0) this.#slots.delete(deadline.second);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#slots.clear();
    this.#size = 0;
  }

  /** Runs what is due. Called by the timer; tests with a clock of their own call it. */
  tick(): void {
    const second = Math.floor(this.#clock.now() / 1000);
    const due: Deadline[] = [];
    if (second - this.#lastSecond > this.#slots.size) {
      for (const [at, slot] of this.#slots) if (at <= second) due.push(...slot);
    } else {
      for (let at = this.#lastSecond + 1; at <= second; at++) due.push(...(this.#slots.get(at) ?? []));
    }
    this.#lastSecond = Math.max(second, this.#lastSecond);
    for (const deadline of due) {
      if (!this.#slots.get(deadline.second)?.has(deadline)) continue;
      this.cancel(deadline);
      deadline.run();
    }
  }

  #schedule(): void {
    if (this.#timer || this.#size === 0) return;
    // Just after the second has begun, so that what is due in it is seen.
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.tick();
        this.#schedule();
      },
      1001 - (this.#clock.now() % 1000),
    );
    this.#timer.unref();
  }
}
