import type { Changes } from "#lib/schemas/internal.ts";
import { Counter, Gauge, Histogram, type Registry } from "#server/metrics.ts";
import { QuickCounter, QuickHistogram } from "#server/quick-metrics.ts";
import type { Refused } from "./replica/admission.ts";
import type { Account } from "./usage/account.ts";
import type { ProxyDoor } from "./usage/door.ts";

/** What an operator watches, counted where it happens. Labels are closed lists, never a user or a target. */
export class DoorsMetrics {
  readonly opened: Counter<"door">;
  readonly refused: Counter<"door" | "reason">;
  readonly cut: Counter<"reason">;
  readonly limits: Counter<"door" | "limit">;
  readonly bytes: Counter<"door" | "direction">;
  readonly decisions: QuickCounter<"outcome">;
  readonly decisionSeconds: QuickHistogram;
  readonly lookups: QuickCounter<"cache" | "result">;
  readonly effectSeconds: Histogram<"door">;
  readonly #open: Gauge<"door">;
  #openNow = 0;
  /** Looked up once: a label costs more than the count. */
  readonly #byDoor: Record<ProxyDoor, { opened: { inc(): void }; open: { inc(): void; dec(): void } }>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.opened = new Counter({
      name: "causeway_tunnels_opened_total",
      help: "Tunnels and proxied requests begun.",
      labelNames: ["door"],
      registers,
    });
    this.refused = new Counter({
      name: "causeway_tunnels_refused_total",
      help: "Connections and requests refused.",
      labelNames: ["door", "reason"],
      registers,
    });
    this.cut = new Counter({
      name: "causeway_tunnels_cut_total",
      help: "Tunnels ended because their user was switched off.",
      labelNames: ["reason"],
      registers,
    });
    this.limits = new Counter({
      name: "causeway_limits_hit_total",
      help: "Times a limit turned somebody away or ended what they had open.",
      labelNames: ["door", "limit"],
      registers,
    });
    this.bytes = new Counter({
      name: "causeway_door_bytes_total",
      help: "Bytes written to (up) and read from (down) origins.",
      labelNames: ["door", "direction"],
      registers,
    });
    this.decisions = new QuickCounter(registry, {
      name: "causeway_forward_auth_decisions_total",
      help: "ForwardAuth decisions.",
      labels: ["outcome"],
    });
    this.decisionSeconds = new QuickHistogram({
      name: "causeway_forward_auth_duration_seconds",
      help: "Time to a ForwardAuth decision.",
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
      registers,
    });
    this.lookups = new QuickCounter(registry, {
      name: "causeway_cache_lookups_total",
      help: "Answers from memory (hit) and questions to others (miss).",
      labels: ["cache", "result"],
    });
    this.effectSeconds = new Histogram({
      name: "causeway_change_effect_seconds",
      help: "From a change's row to its effect on a door.",
      labelNames: ["door"],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    });
    this.#open = new Gauge({
      name: "causeway_tunnels_open",
      help: "Tunnels and proxied requests open now.",
      labelNames: ["door"],
      registers,
    });
    this.#startAtZero();
    const of = (door: ProxyDoor) => ({ opened: this.opened.labels(door), open: this.#open.labels(door) });
    this.#byDoor = { http: of("http"), socks: of("socks") };
  }

  get openNow(): number {
    return this.#openNow;
  }

  countRefusal(door: ProxyDoor, refused: Refused): void {
    this.refused.inc({ door, reason: refused.kind });
    if (refused.kind === "throttled") this.limits.inc({ door, limit: "guesses" });
    if (refused.kind === "inactive" && refused.status === "limited")
      this.limits.inc({ door, limit: "volume" });
  }

  /** By the doors that lose something open. */
  countVolumeLimit(account: Account): void {
    const doors = new Set<ProxyDoor>();
    for (const { door } of account.open) if (door) doors.add(door);
    for (const door of doors) this.limits.inc({ door, limit: "volume" });
  }

  countLookups(cache: CacheName): (isHit: boolean) => void {
    const hit = { cache, result: "hit" };
    const miss = { cache, result: "miss" };
    return (isHit) => this.lookups.inc(isHit ? hit : miss);
  }

  begin(door: ProxyDoor): void {
    this.#openNow += 1;
    this.#byDoor[door].opened.inc();
    this.#byDoor[door].open.inc();
  }

  end(door: ProxyDoor): void {
    this.#openNow -= 1;
    this.#byDoor[door].open.dec();
  }

  /** Of a change each door hears that it concerns: sessions and tokens open only the web. */
  observeEffect(changed: Changes["changed"], now: number): void {
    for (const { kind, at } of changed) {
      const seconds = Math.max(0, now - at) / 1000;
      for (const door of DOORS_BY_KIND[kind] ?? []) this.effectSeconds.observe({ door }, seconds);
    }
  }

  /** A series that first appears at 1 has no increase for Prometheus: what is known beforehand starts at 0. */
  #startAtZero(): void {
    for (const door of ["http", "socks"] as const) {
      this.opened.inc({ door }, 0);
      this.#open.set({ door }, 0);
      for (const direction of ["up", "down"]) this.bytes.inc({ door, direction }, 0);
      for (const reason of ["wrong-password", "overloaded"]) this.refused.inc({ door, reason }, 0);
      for (const limit of LIMITS) this.limits.inc({ door, limit }, 0);
      this.effectSeconds.zero({ door });
    }
    this.limits.inc({ door: "web", limit: "guesses" }, 0);
    this.effectSeconds.zero({ door: "web" });
    for (const reason of ["switched-off", "expired", "limit", "rotated", "deleted"])
      this.cut.inc({ reason }, 0);
    for (const outcome of ["allow", "unauthenticated", "forbidden", "throttled", "unavailable"])
      this.decisions.inc({ outcome }, 0);
    for (const cache of CACHES) for (const result of ["hit", "miss"]) this.lookups.inc({ cache, result }, 0);
  }
}

const DOORS_BY_KIND: Record<string, readonly string[]> = {
  user: ["http", "socks", "web"],
  group: ["http", "socks", "web"],
  access: ["web"],
  session: ["web"],
  token: ["web"],
};

const CACHES = ["session", "token", "dns", "unknown_name"] as const;
type CacheName = (typeof CACHES)[number];

/** connections: all this program carries · speed: traffic held back · guesses: of passwords, tokens and cookies · volume: a quota. */
const LIMITS = [
  "connections",
  "user_connections",
  "ip_connections",
  "user_rate",
  "ip_rate",
  "speed",
  "guesses",
  "volume",
] as const;
