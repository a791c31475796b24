import type { Clock } from "#server/clock.ts";
import type { ProxyDoor } from "../usage/door.ts";
import { Pace } from "./pace.ts";

const TICK_MS = 10;

export type Direction = "up" | "down";

/** The bytes/s of one limited user: both directions, each by itself. */
export class UserPace {
  readonly #pacer: Pacer;
  readonly #up = new Pace();
  readonly #down = new Pace();
  /** Tunnels that have carried bytes since the last exchange between processes. */
  #active = new Set<object>();
  #rate = 0;

  constructor(pacer: Pacer) {
    this.#pacer = pacer;
  }

  /** This process's part, in bytes per second. */
  get rate(): number {
    return this.#rate;
  }

  setRate(bytesPerSecond: number): void {
    const now = this.#pacer.now();
    this.#rate = bytesPerSecond;
    this.#up.setRate(bytesPerSecond, now);
    this.#down.setRate(bytesPerSecond, now);
  }

  takeActive(): number {
    const count = this.#active.size;
    this.#active = new Set();
    return count;
  }

  /** True when the tunnel has to stop reading; `resume` is called when it is its turn. */
  isTooFast(
    direction: Direction,
    bytes: number,
    tunnel: object,
    door: ProxyDoor,
    resume: () => void,
  ): boolean {
    this.#active.add(tunnel);
    const pace = direction === "up" ? this.#up : this.#down;
    if (!pace.take(bytes, this.#pacer.now())) return false;
    pace.wait(resume);
    this.#pacer.watch(this, door);
    return true;
  }

  /** For what cannot wait: false = drop it. */
  mayPass(direction: Direction, bytes: number, tunnel: object): boolean {
    this.#active.add(tunnel);
    return (direction === "up" ? this.#up : this.#down).tryTake(bytes, this.#pacer.now());
  }

  /** True while somebody waits. */
  refill(now: number): boolean {
    this.#up.refill(now);
    this.#down.refill(now);
    return this.#up.hasWaiters || this.#down.hasWaiters;
  }

  release(): void {
    this.#up.release();
    this.#down.release();
  }
}

/** One timer for all users whose tunnels wait for their turn. It runs only while somebody does. */
export class Pacer {
  readonly #clock: Clock;
  readonly #onHeld: (door: ProxyDoor) => void;
  readonly #busy = new Set<UserPace>();
  #timer: NodeJS.Timeout | null = null;
  /** Of a user's speed, what a process takes before it has heard of the others. */
  firstPart = 1;

  /** `onHeld` hears when a user's traffic begins to be held back. */
  constructor(clock: Clock, onHeld: (door: ProxyDoor) => void = () => {}) {
    this.#clock = clock;
    this.#onHeld = onHeld;
  }

  now(): number {
    return this.#clock.now();
  }

  watch(pace: UserPace, door: ProxyDoor): void {
    if (this.#busy.has(pace)) return;
    this.#busy.add(pace);
    this.#onHeld(door);
    this.#timer ??= setInterval(() => this.tick(), TICK_MS);
  }

  tick(): void {
    const now = this.now();
    for (const pace of [...this.#busy]) if (!pace.refill(now)) this.#busy.delete(pace);
    if (this.#busy.size === 0) this.stop();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}
