import type { Deadline, Deadlines } from "../net/deadlines.ts";
import type { Origin } from "../net/dial.ts";
import type { OriginSink } from "../net/origin-reader.ts";
import { enterStage, ignoreFromNowOn, type Stage } from "../net/stage.ts";

const IDLE_MS = 15_000;
const MAX_IDLE = 512;

/**
 * Connections to origins that wait for the same user's next request to the same host. `key` names user, rules and
 * target: a connection made under other rules is not used again.
 */
export class OriginPool {
  readonly #deadlines: Deadlines;
  readonly #idle = new Map<string, IdleOrigin[]>();
  #count = 0;

  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  /** The one used last: the others may go. */
  take(key: string): Origin | null {
    const idle = this.#idle.get(key)?.at(-1);
    if (!idle) return null;
    idle.leave();
    return idle.origin;
  }

  put(key: string, origin: Origin): void {
    if (this.#count >= MAX_IDLE || origin.socket.destroyed) {
      dropOrigin(origin);
      return;
    }
    const idle = new IdleOrigin(origin, this.#deadlines, () => this.#remove(key, idle));
    const others = this.#idle.get(key);
    if (others) others.push(idle);
    else this.#idle.set(key, [idle]);
    this.#count += 1;
  }

  close(): void {
    for (const others of [...this.#idle.values()]) for (const idle of [...others]) idle.drop();
  }

  #remove(key: string, idle: IdleOrigin): void {
    const others = this.#idle.get(key) ?? [];
    const at = others.indexOf(idle);
    if (at === -1) return;
    others.splice(at, 1);
    if (others.length === 0) this.#idle.delete(key);
    this.#count -= 1;
  }
}

/** Whatever an origin says unasked ends its connection. */
class IdleOrigin implements Stage, OriginSink {
  readonly origin: Origin;
  readonly mayRead = true;
  readonly readsLittle = true;
  readonly #deadlines: Deadlines;
  readonly #deadline: Deadline;
  readonly #onLeave: () => void;

  constructor(origin: Origin, deadlines: Deadlines, onLeave: () => void) {
    this.origin = origin;
    this.#deadlines = deadlines;
    this.#onLeave = onLeave;
    this.#deadline = deadlines.after(IDLE_MS, () => this.drop());
    enterStage(origin.socket, this, false);
    origin.reader?.attach(this);
  }

  leave(): void {
    this.#deadlines.cancel(this.#deadline);
    this.#onLeave();
  }

  drop(): void {
    this.leave();
    dropOrigin(this.origin);
  }

  takeCopy(): boolean {
    this.drop();
    return false;
  }

  takeBorrowed(): boolean {
    this.drop();
    return false;
  }

  onData(): void {}
  onDrain(): void {}
  onEnd(): void {
    this.drop();
  }
  onError(): void {
    this.drop();
  }
  onClose(): void {
    this.drop();
  }
}

export function dropOrigin({ socket, reader }: Origin): void {
  ignoreFromNowOn(socket);
  socket.destroy();
  reader?.release();
}
