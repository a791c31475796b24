/** What may wait for its turn: a tunnel that has stopped reading. */
export type Waiter = () => void;

/** What a stall of this process may be made up for; a new user's bucket is empty. */
const BURST_SECONDS = 0.25;
const MIN_BURST = 16 * 1024;
/** What one turn costs at most, so that a user's tunnels get equal parts. */
export const QUANTUM = 16 * 1024;

/**
 * A token bucket for one user and direction in this process. Whoever has taken more than there is stops reading and
 * waits in line; `refill` lets as many go on as there is for. One turn is one read, so tunnels share evenly.
 */
export class Pace {
  readonly #waiting: Waiter[] = [];
  #bytesPerSecond = 0;
  #tokens = 0;
  #at = 0;

  get hasWaiters(): boolean {
    return this.#waiting.length > 0;
  }

  setRate(bytesPerSecond: number, now: number): void {
    this.#advance(now);
    this.#bytesPerSecond = bytesPerSecond;
    this.#tokens = Math.min(this.#tokens, this.#burst);
  }

  /** True: this was more than there is; stop, and `wait`. */
  take(bytes: number, now: number): boolean {
    this.#advance(now);
    this.#tokens -= bytes;
    return this.#tokens <= 0 || this.#waiting.length > 0;
  }

  /** Takes only what there is. */
  tryTake(bytes: number, now: number): boolean {
    this.#advance(now);
    if (this.#tokens <= 0) return false;
    this.#tokens -= bytes;
    return true;
  }

  wait(waiter: Waiter): void {
    this.#waiting.push(waiter);
  }

  refill(now: number): void {
    this.#advance(now);
    if (this.#tokens <= 0) return;
    let turns = Math.max(1, Math.floor(this.#tokens / QUANTUM));
    while (turns-- > 0) {
      const next = this.#waiting.shift();
      if (!next) return;
      next();
    }
  }

  /** Lets everybody go on: the limit is gone. */
  release(): void {
    for (const waiter of this.#waiting.splice(0)) waiter();
  }

  get #burst(): number {
    return Math.max(MIN_BURST, this.#bytesPerSecond * BURST_SECONDS);
  }

  #advance(now: number): void {
    const seconds = Math.max(0, now - this.#at) / 1000;
    this.#at = now;
    this.#tokens = Math.min(this.#burst, this.#tokens + seconds * this.#bytesPerSecond);
  }
}
