import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentInbound } from "#lib/schemas/agent.ts";
import { AGENT_SITE } from "#lib/schemas/node.ts";
import type { Clock } from "#server/clock.ts";
import type { Logger } from "#server/logger.ts";
import type { XrayClient } from "#server/xray/client.ts";
import { renderXrayConfig } from "#server/xray/config.ts";
import type { ConnectionCutter } from "./connection-cutter.ts";
import type { ConnectionTable } from "./connection-table.ts";
import { CoreUsers } from "./core-users.ts";
import { createExclusive } from "./exclusive.ts";
import type { Journal } from "./journal.ts";
import type { AgentPaths } from "./paths.ts";
import { isDoorOpen } from "./policy.ts";
import type { StateStore } from "./state-store.ts";
import type { XrayProcess } from "./xray-process.ts";

/** Bump when the rendered configuration changes in a way that a running Xray must pick up. */
const CONFIG_VERSION = 3;
const MAX_BACKOFF_MILLIS = 5_000;
/** Above this, all users are compared every ten minutes, as it takes a second; the count still every time. */
const MANY_USERS = 5_000;
const ROTATION_PAUSE_MILLIS = 60;
/** Users of one bulk change that are dealt with before others get their turn: some 20 ms of calls. */
const USERS_A_TURN = 50;
/** From here on a start with all users (1.5 s at 100 000) is shorter than the calls (1 ms a user and inbound). */
const RESTART_FROM_USERS = 1_000;

type Options = {
  process: XrayProcess;
  client: XrayClient;
  paths: AgentPaths;
  store: StateStore;
  journal: Journal;
  table: ConnectionTable;
  cutter: ConnectionCutter;
  clock: Clock;
  log: Logger;
  allowedPrivateTargets: readonly string[];
  ownPorts: readonly number[];
};

/** Keeps one Xray running with exactly the users whose door is open. */
export class NodeCore {
  readonly #options: Options;
  readonly #coreUsers: CoreUsers;
  readonly #exclusive = createExclusive();
  #isLoaded = false;
  #needsHeal = false;
  #healedAt = 0;
  #failures = 0;
  #nextStartAt = 0;
  #changesUnderWay = 0;
  driftFound = 0;
  driftHealed = 0;
  starts = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#coreUsers = new CoreUsers(options.client);
  }

  /** Until Xray's users are known everybody counts as in: nobody is cut on a guess. */
  isUserIn(userId: string): boolean {
    return !this.#isLoaded || this.#coreUsers.users.has(userId);
  }

  /** At the agent's start: go on with the Xray that runs, or start one. */
  async open(): Promise<void> {
    await this.#exclusive(async () => {
      const { process, store, paths, log } = this.#options;
      if (store.state.inbounds.length === 0) return await process.stop();
      if (!(await process.adopt())) return await this.#start();
      if (readText(paths.settings) !== this.#settings()) {
        log.warn("Xray's settings changed: restarting it");
        return await this.#start();
      }
      log.info({ pid: process.identity?.pid }, "adopted the running Xray");
      this.#coreUsers.reset(this.#tags(), []);
      // Seconds at 100 000 users: changes wait for it, the agent's answers need not.
      void this.#takeOver();
    });
  }

  /** Reads who is in the adopted Xray, before any change: call while nothing else is queued. */
  async #takeOver(): Promise<void> {
    const { cutter, table, log } = this.#options;
    await this.#exclusive(async () => {
      await this.#heal();
      void cutter.cut(table.listUserIds().filter((id) => !this.isUserIn(id)));
    }).catch((error) => {
      this.#needsHeal = true;
      log.error({ err: error }, "the users of the adopted Xray could not be read: trying again");
    });
  }

  /** Refuses inbounds that Xray would not start with. */
  async test(inbounds: readonly AgentInbound[]): Promise<void> {
    if (inbounds.length === 0) return;
    await this.#options.process.test(this.#render(inbounds, []));
  }

  /** New inbounds mean a new Xray: tell `beforeStop` to read its counters once more. */
  async restart(beforeStop: () => Promise<unknown>): Promise<void> {
    await this.#exclusive(async () => {
      await beforeStop();
      await this.#start();
    });
  }

  /** Is the change so large that a new Xray is quicker, and is nobody connected who would notice? */
  async isRestartBetter(userIds: Iterable<string>): Promise<boolean> {
    if (!this.#isLoaded || this.#options.table.size > 0) return false;
    if (this.findMisplaced(userIds).length < RESTART_FROM_USERS) return false;
    const online = await this.#options.client.listOnline().catch(() => null);
    return online?.length === 0;
  }

  /**
   * Brings these users in Xray to what they should be now, and ends connections of those that went out. Of many users
   * those who go out come first, and others' changes get their turn in between.
   */
  async syncUsers(userIds: Iterable<string>): Promise<void> {
    const all = [...new Set(userIds)];
    const isOut = (id: string) => this.#wantedVlessId(id) === null;
    const ids = [...all.filter(isOut), ...all.filter((id) => !isOut(id))];
    this.#changesUnderWay += 1;
    try {
      for (let start = 0; start < ids.length; start += USERS_A_TURN)
        await this.#syncTurn(ids.slice(start, start + USERS_A_TURN));
    } finally {
      this.#changesUnderWay -= 1;
    }
  }

  async #syncTurn(ids: readonly string[]): Promise<void> {
    await this.#exclusive(async () => {
      const { process, cutter, log } = this.#options;
      if (process.identity === null) return;
      const changes = ids
        .map((id) => ({ id, from: this.#coreUsers.users.get(id) ?? null, to: this.#wantedVlessId(id) }))
        .filter(({ from, to }) => from !== to);
      if (changes.length === 0) return;
      try {
        await this.#change(changes);
      } catch (error) {
        this.#needsHeal = true;
        log.warn({ err: error }, "Xray refused a change of users: comparing all of them");
        await this.#heal().catch((cause) => log.error({ err: cause }, "users could not be compared"));
        void cutter.cut(
          changes.filter(({ id, to }) => to === null && !this.isUserIn(id)).map(({ id }) => id),
        );
      }
    });
  }

  async #change(changes: readonly { id: string; from: string | null; to: string | null }[]): Promise<void> {
    const { cutter, clock } = this.#options;
    const gone = changes.filter(({ from }) => from !== null).map(({ id }) => id);
    await this.#coreUsers.remove(gone);
    void cutter.cut(gone);
    const added = changes.flatMap(({ id, from, to }) =>
      to === null ? [] : [{ id, vlessId: to, isNew: from === null }],
    );
    await this.#coreUsers.add(added.filter(({ isNew }) => isNew));
    const rotated = added.filter(({ isNew }) => !isNew);
    if (rotated.length === 0) return;
    // Both ids report the same e-mail: let the old one's reports come in before the new one may connect.
    await sleep(ROTATION_PAUSE_MILLIS);
    cutter.noteRotation(
      rotated.map(({ id }) => id),
      clock.now(),
    );
    await this.#coreUsers.add(rotated);
  }

  /** On a short timer: starts Xray again when it died. */
  async watch(): Promise<void> {
    const { process, store, clock, log } = this.#options;
    if (process.identity !== null || store.state.inbounds.length === 0) return;
    await this.#exclusive(async () => {
      if (process.identity !== null || clock.now() < this.#nextStartAt) return;
      log.warn("Xray is not running: starting it");
      await this.#start();
    }).catch((error) => log.error({ err: error }, "Xray could not be started"));
  }

  /** On a timer: Xray's users against the wanted ones. */
  async reconcile(): Promise<void> {
    const { process, store, clock, log } = this.#options;
    await this.#exclusive(async () => {
      // What a large change has not come to yet is no drift.
      if (process.identity === null || this.#changesUnderWay > 0) return;
      const isDue = store.state.users.size <= MANY_USERS || clock.now() - this.#healedAt > 600_000;
      if (this.#needsHeal || isDue || !(await this.#coreUsers.hasExpectedCount())) await this.#heal();
    }).catch((error) => log.warn({ err: error }, "Xray's users could not be read"));
  }

  /** Users whose door should be the other way round now. */
  findMisplaced(userIds: Iterable<string>): string[] {
    const ids: string[] = [];
    for (const id of userIds) {
      if ((this.#coreUsers.users.get(id) ?? null) !== this.#wantedVlessId(id)) ids.push(id);
    }
    return ids;
  }

  async #start(): Promise<void> {
    const { process, store, table, paths, clock, log } = this.#options;
    if (store.state.inbounds.length === 0) return await this.#stopForGood();
    const users = [...this.#listOpen()].map(([id, vlessId]) => ({ id, vlessId }));
    this.#failures += 1;
    const backoff = this.#failures > 2 ? Math.min(250 * 2 ** this.#failures, MAX_BACKOFF_MILLIS) : 0;
    this.#nextStartAt = clock.now() + backoff;
    await process.stop();
    // Before the start: the first reports come as soon as Xray listens.
    this.#coreUsers.reset(this.#tags(), users);
    this.#isLoaded = true;
    table.clear();
    await process.start(this.#render(store.state.inbounds, users));
    writeFileSync(paths.settings, this.#settings(), { mode: 0o600 });
    this.starts += 1;
    this.#needsHeal = false;
    setTimeout(() => {
      this.#failures = 0;
    }, 10_000).unref();
    log.info({ pid: process.identity?.pid, users: users.length }, "Xray started");
  }

  /** The node was taken out: nothing is left to listen on. */
  async #stopForGood(): Promise<void> {
    const { process, table, log } = this.#options;
    await process.stop();
    this.#coreUsers.reset([], []);
    table.clear();
    log.info("no inbound is left: Xray stopped");
  }

  async #heal(): Promise<void> {
    const { cutter, log, clock } = this.#options;
    const { removed, differences, left } = await this.#coreUsers.heal(
      new Map(this.#listOpen()),
      RESTART_FROM_USERS,
      (count) => {
        this.driftFound += count;
      },
    );
    this.#isLoaded = true;
    this.#needsHeal = false;
    this.#healedAt = clock.now();
    if (differences === 0) return;
    this.driftHealed += differences;
    log.warn({ differences }, "Xray's users differed from the wanted ones and were put right");
    void cutter.cut(removed);
    if (left.length > 0)
      this.syncUsers(left).catch((error) => log.error({ err: error }, "users were not added"));
  }

  #wantedVlessId(id: string): string | null {
    const { store, journal, clock } = this.#options;
    const user = store.state.users.get(id);
    return user && isDoorOpen(user, clock.now(), journal.unacknowledgedBytes(id)) ? user.vlessId : null;
  }

  *#listOpen(): Generator<[string, string]> {
    for (const id of this.#options.store.state.users.keys()) {
      const vlessId = this.#wantedVlessId(id);
      if (vlessId !== null) yield [id, vlessId];
    }
  }

  #tags(): string[] {
    return this.#options.store.state.inbounds.map(({ tag }) => tag);
  }

  #render(inbounds: readonly AgentInbound[], users: { id: string; vlessId: string }[]): string {
    const { paths, allowedPrivateTargets, ownPorts } = this.#options;
    return renderXrayConfig({
      inbounds: inbounds.map((inbound) => ({
        ...inbound,
        realityTarget: inbound.realityTarget === AGENT_SITE ? paths.realitySite : inbound.realityTarget,
      })),
      users,
      paths: {
        apiSocket: paths.apiSocket,
        reportSocket: paths.reportSocket,
        log: paths.logPipe,
      },
      allowedPrivateTargets,
      ownPorts,
      ownAddresses: listOwnAddresses(),
    });
  }

  /** What a running Xray cannot take over without a restart. Interfaces come and go: they do not count. */
  #settings(): string {
    const { store, allowedPrivateTargets, ownPorts } = this.#options;
    const settings = [CONFIG_VERSION, store.state.inbounds, allowedPrivateTargets, ownPorts];
    return createHash("sha256").update(JSON.stringify(settings)).digest("hex");
  }
}

function listOwnAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
