import { Counter, Gauge, Histogram, type Registry } from "#server/metrics.ts";
import type { ProxyDoor } from "./usage/door.ts";

/** Above this many tunnels and requests at once new ones get 503 (SOCKS: status 1) at once. */
const MAX_OPEN = 20_000;

/** What an operator watches. Labels are closed lists, never a user or a target. */
export class DoorsMetrics {
  readonly opened: Counter<"door">;
  readonly refused: Counter<"door" | "reason">;
  readonly cut: Counter<"reason">;
  readonly bytes: Counter<"door" | "direction">;
  readonly decisions: Counter<"outcome">;
  readonly decisionSeconds: Histogram;
  readonly #open: Gauge<"door">;
  #openNow = 0;

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
    this.bytes = new Counter({
      name: "causeway_door_bytes_total",
      help: "Bytes written to (up) and read from (down) origins.",
      labelNames: ["door", "direction"],
      registers,
    });
    this.decisions = new Counter({
      name: "causeway_forward_auth_decisions_total",
      help: "ForwardAuth decisions.",
      labelNames: ["outcome"],
      registers,
    });
    this.decisionSeconds = new Histogram({
      name: "causeway_forward_auth_seconds",
      help: "Time to a ForwardAuth decision.",
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1],
      registers,
    });
    this.#open = new Gauge({
      name: "causeway_tunnels_open",
      help: "Tunnels and proxied requests open now.",
      labelNames: ["door"],
      registers,
    });
  }

  get isFull(): boolean {
    return this.#openNow >= MAX_OPEN;
  }

  begin(door: ProxyDoor): void {
    this.#openNow += 1;
    this.opened.inc({ door });
    this.#open.inc({ door });
  }

  end(door: ProxyDoor): void {
    this.#openNow -= 1;
    this.#open.dec({ door });
  }
}
