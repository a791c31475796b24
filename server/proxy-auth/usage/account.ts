import type { DoorConnections } from "#lib/schemas/internal.ts";
import { type Pacer, UserPace } from "../limits/pacer.ts";
import { ConnectionCounter } from "./connection-counter.ts";
import type { ProxyDoor } from "./door.ts";

/** Something of a user that can be ended: a tunnel, or a request under way. Without a door it carries nothing yet. */
export type Cuttable = {
  readonly door?: ProxyDoor;
  cut(reason: CutReason): void;
  /** For the list of what is open; nothing to tell yet = null. */
  describe?(): OpenConnection | null;
};
export type OpenConnection = {
  id: string;
  door: ProxyDoor;
  ip: string;
  target: string;
  upBytes: number;
  downBytes: number;
  /** Ms since 1970. */
  since: number;
};
export type CutReason = "switched-off" | "expired" | "limit" | "rotated" | "deleted" | "shutdown" | "ended";

type Counter = { upBytes: number; downBytes: number };

/**
 * One user's bytes in this process. `unacked` is everything not yet in the panel's total: bytes just counted,
 * journalled, or sent without an answer. The limit holds for usedBytes + unacked.
 */
export class Account {
  readonly userId: string;
  readonly live: Record<ProxyDoor, Counter> = {
    http: { upBytes: 0, downBytes: 0 },
    socks: { upBytes: 0, downBytes: 0 },
  };
  readonly open = new Set<Cuttable>();
  /** Open at once over all processes; null = the installation's. */
  maxTunnels: number | null = null;
  /** null = as fast as it goes. */
  pace: UserPace | null = null;
  #bytesPerSecond: number | null = null;
  #part: number | null = null;
  isDirty = false;
  /** Since it was last asked for; a sweep forgets an account at the second look. */
  idleSweeps = 0;
  #unacked = 0;
  #allowance = Number.POSITIVE_INFINITY;
  #isToldOfLimit = false;
  readonly #connections = new Map<ProxyDoor, ConnectionCounter>();
  readonly #onDirty: (account: Account) => void;
  readonly #onLimit: (account: Account) => void;

  /** `onLimit` hears once of each time the allowance is used up, before what is open ends. */
  constructor(
    userId: string,
    onDirty: (account: Account) => void,
    onLimit: (account: Account) => void = () => {},
  ) {
    this.userId = userId;
    this.#onDirty = onDirty;
    this.#onLimit = onLimit;
  }

  get unackedBytes(): number {
    return this.#unacked;
  }

  get isOverLimit(): boolean {
    return this.#unacked >= this.#allowance;
  }

  /** limitBytes − usedBytes as the panel knows them. */
  setAllowance(bytes: number): void {
    this.#allowance = bytes;
    if (this.isOverLimit) this.#reachLimit();
    else this.#isToldOfLimit = false;
  }

  /** `bytesPerSecond` is for all processes together; this one begins with an equal part. */
  setSpeed(bytesPerSecond: number | null, pacer: Pacer): void {
    if (bytesPerSecond === this.#bytesPerSecond) return;
    this.#bytesPerSecond = bytesPerSecond;
    if (bytesPerSecond === null) {
      this.pace?.release();
      this.pace = null;
      return;
    }
    this.pace ??= new UserPace(pacer);
    this.pace.setRate(bytesPerSecond * (this.#part ?? pacer.firstPart));
  }

  /** Of the user's speed, as all processes' tunnels share it. */
  takePart(part: number): void {
    this.#part = part;
    if (this.#bytesPerSecond !== null) this.pace?.setRate(this.#bytesPerSecond * part);
  }

  /** Bytes of a journal that an earlier process left. */
  addUnacked(bytes: number): void {
    this.#unacked += bytes;
  }

  acknowledge(bytes: number): void {
    this.#unacked -= bytes;
  }

  countUp(door: ProxyDoor, bytes: number): void {
    this.live[door].upBytes += bytes;
    this.#counted(bytes);
  }

  countDown(door: ProxyDoor, bytes: number): void {
    this.live[door].downBytes += bytes;
    this.#counted(bytes);
  }

  /** A tunnel or request has begun; `now` in ms since 1970. */
  opened(door: ProxyDoor, ip: string, now: number): void {
    this.#happened(door).opened(ip, now);
  }

  ended(door: ProxyDoor, ms: number): void {
    this.#happened(door).ended(ms);
  }

  /** `reason` is one of a closed list: what metrics call it. */
  refused(door: ProxyDoor, reason: string): void {
    this.#happened(door).refused(reason);
  }

  takeConnections(door: ProxyDoor): DoorConnections | null {
    const counter = this.#connections.get(door);
    if (!counter) return null;
    this.#connections.delete(door);
    return counter.read();
  }

  cutAll(reason: CutReason): number {
    const count = this.open.size;
    for (const item of [...this.open]) item.cut(reason);
    return count;
  }

  #counted(bytes: number): void {
    this.#unacked += bytes;
    this.#touch();
    if (this.#unacked >= this.#allowance) this.#reachLimit();
  }

  #happened(door: ProxyDoor): ConnectionCounter {
    this.#touch();
    const known = this.#connections.get(door);
    if (known) return known;
    const counter = new ConnectionCounter();
    this.#connections.set(door, counter);
    return counter;
  }

  #touch(): void {
    if (this.isDirty) return;
    this.isDirty = true;
    this.#onDirty(this);
  }

  #reachLimit(): void {
    if (!this.#isToldOfLimit) this.#onLimit(this);
    this.#isToldOfLimit = true;
    this.cutAll("limit");
  }
}
