import type { DoorConnections } from "#lib/schemas/internal.ts";
import { Account } from "./account.ts";
import { PROXY_DOORS, type ProxyDoor } from "./door.ts";

export type UsageDelta = {
  userId: string;
  door: ProxyDoor;
  upBytes: number;
  downBytes: number;
  connections?: DoorConnections;
};
/** Bytes that only a look at the socket tells (requests inside node:http): counted before each collection. */
export type Sampler = { sample(): void };

/** Every user with bytes or open connections in this process. */
export class Accounts {
  readonly #byId = new Map<string, Account>();
  readonly #dirty = new Set<Account>();
  readonly #samplers = new Set<Sampler>();
  readonly #onNew: (account: Account) => void;
  readonly #onLimit: ((account: Account) => void) | undefined;

  /** `onNew` sets the limit of an account that has just come into being. */
  constructor(onNew: (account: Account) => void, onLimit?: (account: Account) => void) {
    this.#onNew = onNew;
    this.#onLimit = onLimit;
  }

  get(userId: string): Account {
    const known = this.#byId.get(userId);
    if (known) {
      known.idleSweeps = 0;
      return known;
    }
    const account = new Account(userId, (dirty) => this.#dirty.add(dirty), this.#onLimit);
    this.#byId.set(userId, account);
    this.#onNew(account);
    return account;
  }

  find(userId: string): Account | null {
    return this.#byId.get(userId) ?? null;
  }

  all(): IterableIterator<Account> {
    return this.#byId.values();
  }

  watch(sampler: Sampler): void {
    this.#samplers.add(sampler);
  }

  unwatch(sampler: Sampler): void {
    this.#samplers.delete(sampler);
  }

  sampleAll(): void {
    for (const sampler of this.#samplers) sampler.sample();
  }

  /** What was counted since the last call, which from now on is the journal's. */
  collect(): UsageDelta[] {
    this.sampleAll();
    const deltas: UsageDelta[] = [];
    for (const account of this.#dirty) {
      account.isDirty = false;
      for (const door of PROXY_DOORS) {
        const counter = account.live[door];
        // A write that an origin never took is subtracted at the end of its tunnel: carry it until it is covered.
        if (counter.upBytes < 0 || counter.downBytes < 0) continue;
        const connections = account.takeConnections(door);
        if (counter.upBytes === 0 && counter.downBytes === 0 && connections === null) continue;
        deltas.push({ userId: account.userId, door, ...counter, ...(connections && { connections }) });
        counter.upBytes = 0;
        counter.downBytes = 0;
      }
    }
    this.#dirty.clear();
    return deltas;
  }

  /** Who has something open, and how much, by door. */
  countOnline(): Record<ProxyDoor, { users: number; connections: number }> {
    const online = { http: { users: 0, connections: 0 }, socks: { users: 0, connections: 0 } };
    for (const { open } of this.#byId.values()) {
      if (open.size === 0) continue;
      const connections = { http: 0, socks: 0 };
      for (const { door } of open) if (door) connections[door] += 1;
      for (const door of PROXY_DOORS) {
        if (connections[door] === 0) continue;
        online[door].users += 1;
        online[door].connections += connections[door];
      }
    }
    return online;
  }

  /** Accounts without anything open or unreported are forgotten. */
  sweep(): void {
    for (const [id, account] of this.#byId) {
      const isIdle = account.open.size === 0 && account.unackedBytes === 0 && !account.isDirty;
      account.idleSweeps = isIdle ? account.idleSweeps + 1 : 0;
      if (account.idleSweeps > 1) this.#byId.delete(id);
    }
  }
}
