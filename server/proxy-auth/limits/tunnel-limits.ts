import type { FailureKind } from "../net/failures.ts";
import { networkOf } from "../net/network-of.ts";
import type { Account } from "../usage/account.ts";
import type { ProxyDoor } from "../usage/door.ts";
import type { Check, Ledger } from "./ledger.ts";
import type { LimitSettings } from "./limit-settings.ts";
import { LocalBuckets } from "./local-buckets.ts";
import type { Pacer } from "./pacer.ts";
import type { Entry, Slot } from "./slot.ts";

const SHARE_EVERY_MS = 500;
/** Seconds' worth of new tunnels that may come at once. */
const BURST_SECONDS = 2;

export type LimitName =
  | "connections"
  | "user_connections"
  | "ip_connections"
  | "user_rate"
  | "ip_rate"
  | "speed";

type Options = {
  settings: LimitSettings;
  ledger: Ledger;
  pacer: Pacer;
  openNow: () => number;
  onHit: (door: ProxyDoor, limit: LimitName) => void;
};

/**
 * Who may open one more. What needs no word with others is decided here at once; a limit that holds over several
 * processes is booked in Redis, and while Redis is away each process takes its part of it.
 */
export class TunnelLimits {
  readonly #options: Options;
  readonly #byIp = new Map<string, number>();
  readonly #byUser = new Map<Account, number>();
  readonly #local = new LocalBuckets();
  /** Processes that share limits with this one, itself included, as last heard. */
  #processes = 1;
  /** What the others believe that is here: it is taken back when it is gone. */
  #told = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  get processes(): number {
    return this.#processes;
  }

  start(): void {
    this.#timer = setInterval(() => void this.share(), SHARE_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  enter(account: Account, ip: string, door: ProxyDoor): Entry | Promise<Entry> {
    const { settings, openNow } = this.#options;
    if (openNow() >= settings.maxTunnels) return this.#refuse(door, "connections");
    if (account.open.size >= settings.maxTunnelsOfOne) return this.#refuse(door, "user_connections");
    const checks = this.#checksFor(account, ip);
    const slot = this.#hold(account, ip);
    if (checks.length === 0) return { slot, refused: null };
    return this.#options.ledger
      .book(checks.map(({ check }) => check))
      .catch(() => this.#judgeAlone(checks))
      .then((failing) => {
        if (failing === null) return { slot, refused: null };
        slot.release();
        return this.#refuse(door, checks.find(({ check }) => check === failing)?.limit ?? "connections");
      });
  }

  /** Tells the others what is open and moving here, and takes each limited user's part of their speed. */
  async share(): Promise<void> {
    const paced = [...this.#byUser.keys()].filter((account) => account.pace !== null);
    const counted = [...this.#byUser.keys()].filter((account) => this.#maxTunnels(account) !== null);
    const ips = this.#options.settings.ipMaxTunnels === null ? [] : [...this.#byIp];
    const active = paced.map((account) => account.pace?.takeActive() ?? 0);
    const numbers = [
      { key: "processes", own: 1 },
      ...paced.map((account, i) => ({ key: `speed:${account.userId}`, own: active[i] ?? 0 })),
      ...counted.map((account) => ({ key: `user:${account.userId}`, own: this.#byUser.get(account) ?? 0 })),
      ...ips.map(([ip, own]) => ({ key: `ip:${ip}`, own })),
    ];
    const told = new Set(numbers.map(({ key }) => key));
    for (const key of this.#told) if (!told.has(key)) numbers.push({ key, own: 0 });
    this.#told = told;
    try {
      const [processes = 1, ...totals] = await this.#options.ledger.share(numbers);
      this.#processes = Math.max(1, processes);
      for (const [i, account] of paced.entries())
        account.takePart(partOf(active[i] ?? 0, totals[i] ?? 0, this.#processes));
      this.#options.pacer.firstPart = 1 / this.#processes;
    } catch {
      // Redis is away: the last parts hold.
    }
  }

  #maxTunnels(account: Account): number | null {
    return account.maxTunnels ?? this.#options.settings.userMaxTunnels;
  }

  #checksFor(account: Account, ip: string): { check: Check; limit: LimitName }[] {
    const { userTunnelsPerSecond, ipMaxTunnels, ipTunnelsPerSecond } = this.#options.settings;
    const checks: { check: Check; limit: LimitName }[] = [];
    const most = this.#maxTunnels(account);
    const count = (key: string, own: number, limit: number, name: LimitName) =>
      checks.push({ check: { kind: "count", key, own, limit }, limit: name });
    const rate = (key: string, perSecond: number, name: LimitName) =>
      checks.push({
        check: { kind: "rate", key, burst: Math.max(1, perSecond * BURST_SECONDS), perSecond },
        limit: name,
      });
    if (most !== null)
      count(`user:${account.userId}`, (this.#byUser.get(account) ?? 0) + 1, most, "user_connections");
    if (userTunnelsPerSecond !== null) rate(`user-rate:${account.userId}`, userTunnelsPerSecond, "user_rate");
    if (ipMaxTunnels === null && ipTunnelsPerSecond === null) return checks;
    const network = networkOf(ip);
    if (ipMaxTunnels !== null)
      count(`ip:${network}`, (this.#byIp.get(network) ?? 0) + 1, ipMaxTunnels, "ip_connections");
    if (ipTunnelsPerSecond !== null) rate(`ip-rate:${network}`, ipTunnelsPerSecond, "ip_rate");
    return checks;
  }

  #judgeAlone(checks: readonly { check: Check }[]): Check | null {
    for (const { check } of checks) {
      const isRight =
        check.kind === "count"
          ? check.own <= Math.max(1, Math.floor(check.limit / this.#processes))
          : this.#local.take(check.key, check.burst, check.perSecond / this.#processes);
      if (!isRight) return check;
    }
    return null;
  }

  #hold(account: Account, ip: string): Slot {
    const network = this.#options.settings.ipMaxTunnels === null ? null : networkOf(ip);
    this.#byUser.set(account, (this.#byUser.get(account) ?? 0) + 1);
    if (network) this.#byIp.set(network, (this.#byIp.get(network) ?? 0) + 1);
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      lower(this.#byUser, account);
      if (network) lower(this.#byIp, network);
    };
    return { release };
  }

  #refuse(door: ProxyDoor, limit: LimitName): Entry {
    this.#options.onHit(door, limit);
    return { slot: null, refused: FAILURE_OF[limit] };
  }
}

const FAILURE_OF: Record<LimitName, FailureKind> = {
  connections: "overloaded",
  user_connections: "too-many-tunnels",
  ip_connections: "too-many-tunnels",
  user_rate: "too-fast",
  ip_rate: "too-fast",
  speed: "too-fast",
};

/** By tunnels that move bytes; who has none keeps enough to begin with. */
function partOf(own: number, total: number, processes: number): number {
  if (own > 0) return own / Math.max(own, total);
  return 1 / (total === 0 ? processes : total + 1);
}

function lower<K>(counts: Map<K, number>, key: K): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
