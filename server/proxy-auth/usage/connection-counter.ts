import { KEPT_ADDRESSES } from "#lib/door-connections.ts";
import type { DoorConnections } from "#lib/schemas/internal.ts";

/** What happened at one door to one user since it was last collected: counted on the hot path, so only numbers. */
export class ConnectionCounter {
  #opened = 0;
  #ended = 0;
  #durationMs = 0;
  readonly #refused: Record<string, number> = {};
  /** When each was last let in; the one that was longest ago goes. */
  readonly #addresses = new Map<string, number>();

  opened(ip: string, now: number): void {
    this.#opened += 1;
    this.#addresses.delete(ip);
    this.#addresses.set(ip, now);
    if (this.#addresses.size <= KEPT_ADDRESSES) return;
    for (const oldest of this.#addresses.keys()) {
      this.#addresses.delete(oldest);
      return;
    }
  }

  ended(ms: number): void {
    this.#ended += 1;
    this.#durationMs += Math.max(0, Math.round(ms));
  }

  refused(reason: string): void {
    this.#refused[reason] = (this.#refused[reason] ?? 0) + 1;
  }

  read(): DoorConnections {
    return {
      opened: this.#opened,
      ended: this.#ended,
      durationMs: this.#durationMs,
      refused: this.#refused,
      addresses: Object.fromEntries(this.#addresses),
    };
  }
}
