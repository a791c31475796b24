import { CHANGES_CHANNEL } from "#lib/schemas/internal.ts";
import type { Status } from "#lib/schemas/status.ts";
import { createRedisSubscriber } from "#server/redis.ts";
import { readStatus } from "../read-status.ts";
import type { WebRuntime } from "../web-runtime.ts";

export type StatusEvent = { kind: "status"; status: Status } | { kind: "lost" };
type Listener = (event: StatusEvent) => void;

const EVERY_MS = 5_000;
/** Many changes in a row are one look. */
const AFTER_CHANGE_MS = 250;
const SYSTEM = {
  actor: { kind: "system", name: "web", role: "owner" },
  requestId: "status-feed",
  ip: null,
} as const;

/** The status, read once for all open panels: every 5 s and right after each change. Sleeps while nobody listens. */
export class StatusFeed {
  readonly #runtime: WebRuntime;
  readonly #listeners = new Set<Listener>();
  #stop: (() => void) | null = null;
  #soon: NodeJS.Timeout | null = null;
  #isReading = false;

  constructor(runtime: WebRuntime) {
    this.#runtime = runtime;
  }

  get size(): number {
    return this.#listeners.size;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#stop ??= this.#start();
    this.#readSoon(0);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = null;
    };
  }

  #start(): () => void {
    const subscriber = createRedisSubscriber(this.#runtime.env.REDIS_URL_FILE);
    subscriber.on("message", () => this.#readSoon(AFTER_CHANGE_MS));
    subscriber.subscribe(CHANGES_CHANNEL).catch(() => undefined);
    const timer = setInterval(() => this.#readSoon(0), EVERY_MS);
    return () => {
      subscriber.disconnect();
      clearInterval(timer);
      if (this.#soon) clearTimeout(this.#soon);
      this.#soon = null;
    };
  }

  #readSoon(afterMs: number): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = null;
      void this.#read();
    }, afterMs);
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    const event: StatusEvent = await readStatus(SYSTEM, this.#runtime).then(
      (status) => ({ kind: "status" as const, status }),
      () => ({ kind: "lost" as const }),
    );
    this.#isReading = false;
    for (const listener of this.#listeners) listener(event);
  }
}
