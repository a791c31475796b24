import { timingSafeEqual } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import type { UserStatus } from "#lib/schemas/user.ts";
import { deriveStatus } from "#lib/user-status.ts";
import type { Clock } from "#server/clock.ts";
import { KeyedHash } from "./keyed-hash.ts";
import { Rules } from "./rules.ts";

/** Known users are served this long without any word from the panel; then the doors close until it is back. */
export const MAX_STALE_MS = 24 * 60 * 60_000;

/** The feed is pulled every 2 s: without a word for so long, changes no longer arrive. */
export const AWAY_AFTER_SECONDS = 15;

export type UserChange = { before: ReplicaUser | null; after: ReplicaUser | null };
/** Users taken in before others get their turn: some 10 ms. */
const USERS_A_TURN = 5_000;
type Content = { revision: number; key: Buffer; users: Iterable<ReplicaUser>; contactAt: number };

/** What this program decides on, in memory: users by name and id, and the key of their proxy passwords' hashes. */
export class Replica {
  readonly #clock: Clock;
  readonly #onChange: (change: UserChange) => void;
  #byName = new Map<string, ReplicaUser>();
  #byId = new Map<string, ReplicaUser>();
  #key: Buffer | null = null;
  #hash: KeyedHash | null = null;
  #contactAt = 0;
  /** Groups and rules that go with the users. */
  readonly rules = new Rules();
  revision = 0;
  /** Counts every change, so that the file knows when it is behind. */
  version = 0;

  constructor(options: { clock: Clock; onChange: (change: UserChange) => void }) {
    this.#clock = options.clock;
    this.#onChange = options.onChange;
  }

  get size(): number {
    return this.#byId.size;
  }

  get key(): Buffer | null {
    return this.#key;
  }

  get contactAt(): number {
    return this.#contactAt;
  }

  /** Since the panel was last heard; null = never. */
  get ageSeconds(): number | null {
    return this.#contactAt === 0 ? null : Math.max(0, this.#clock.now() - this.#contactAt) / 1000;
  }

  /** May it be decided on? */
  get isUsable(): boolean {
    return this.#key !== null && this.#clock.now() - this.#contactAt < MAX_STALE_MS;
  }

  findByName(name: string): ReplicaUser | null {
    return this.#byName.get(name) ?? null;
  }

  findById(id: string): ReplicaUser | null {
    return this.#byId.get(id) ?? null;
  }

  all(): IterableIterator<ReplicaUser> {
    return this.#byId.values();
  }

  heard(): void {
    this.#contactAt = this.#clock.now();
  }

  /** Takes a whole replica at once; users that are no longer in it count as deleted. */
  load(content: Content): void {
    for (const _ of this.#take(content));
  }

  /** The same, with turns for others in between: 100 000 users take a quarter of a second. */
  async loadInTurns(content: Content): Promise<void> {
    for (const _ of this.#take(content)) await nextTurn();
  }

  *#take(content: Content): Generator<void> {
    const byName = new Map<string, ReplicaUser>();
    const byId = new Map<string, ReplicaUser>();
    for (const user of content.users) {
      byName.set(user.name, user);
      byId.set(user.id, user);
      if (byId.size % USERS_A_TURN === 0) yield;
    }
    const before = this.#byId;
    this.#byName = byName;
    this.#byId = byId;
    this.#key = content.key;
    this.#hash = new KeyedHash(content.key);
    this.#contactAt = content.contactAt;
    this.revision = content.revision;
    this.version += 1;
    let told = 0;
    for (const id of byId.keys()) {
      // As it is by now: it may have been changed in another's turn.
      this.#onChange({ before: before.get(id) ?? null, after: byId.get(id) ?? null });
      if (++told % USERS_A_TURN === 0) yield;
    }
    for (const user of before.values()) {
      if (!byId.has(user.id)) this.#onChange({ before: user, after: null });
      if (++told % USERS_A_TURN === 0) yield;
    }
  }

  /** One changed user; null = deleted. */
  put(id: string, after: ReplicaUser | null): void {
    const before = this.#byId.get(id) ?? null;
    if (before && before.name !== after?.name) this.#byName.delete(before.name);
    if (after) {
      this.#byName.set(after.name, after);
      this.#byId.set(id, after);
    } else {
      this.#byId.delete(id);
    }
    this.version += 1;
    this.#onChange({ before, after });
  }

  setUsedBytes(id: string, usedBytes: number): void {
    const before = this.#byId.get(id);
    if (before && before.usedBytes !== usedBytes) this.put(id, { ...before, usedBytes });
    else if (before) this.#onChange({ before, after: before });
  }

  /** Compares in constant time; an unknown user costs the same as a wrong password. */
  isPasswordRight(user: ReplicaUser | null, password: string): boolean {
    const given = this.#hash?.digest(password) ?? null;
    if (given === null) return false;
    const wanted = user ? Buffer.from(user.proxyHash, "base64") : UNMATCHABLE;
    return wanted.length === given.length && timingSafeEqual(wanted, given) && user !== null;
  }

  /** The panel's status, or what time and volume have made of it since. `unackedBytes` = ours, not yet in usedBytes. */
  statusOf(user: ReplicaUser, unackedBytes: number): UserStatus {
    if (user.status !== "active") return user.status;
    return deriveStatus({
      isDisabled: false,
      isOnHold: false,
      expiresAt: user.expiresAt,
      limitBytes: user.limitBytes,
      usedBytes: user.usedBytes + unackedBytes,
      now: this.#clock.now(),
    });
  }
}

const UNMATCHABLE = Buffer.alloc(32);
