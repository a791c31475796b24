import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "#server/logger.ts";
import { type FromWorker, fromWorkerSchema } from "./messages.ts";

const RESTART_AFTER_MS = [50, 250, 1_000, 5_000] as const;
/** A worker that lived this long did not fail at its start. */
const STABLE_MS = 10_000;
/** Until the panel is back. */
const ADOPT_AGAIN_MS = 5_000;

export type PoolOptions = {
  /** Workers that serve. */
  size: number;
  logger: Logger;
  onMessage: (worker: Worker, message: FromWorker) => void;
  /** Reports what the worker of this place left behind; the place is free again when it has: true. */
  adopt: (place: number) => Promise<boolean>;
};

/** Keeps as many workers running as it was told, and replaces them without a gap. Ends the process with the last. */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #places = new Map<number, Worker>();
  readonly #ready = new Set<Worker>();
  readonly #retired = new Set<Worker>();
  readonly #adopting = new Set<number>();
  #failures = 0;
  #wasReady = false;
  #isStopping = false;
  #isReplacing = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get workers(): Worker[] {
    return [...this.#places.values()];
  }

  /** @param left Places of workers that ran before: what they left is reported first. */
  start(left: number[]): void {
    for (const place of left.filter((place) => place >= this.#options.size)) void this.#adopt(place);
    for (let place = 0; place < this.#options.size; place++) this.#startAt(place);
  }

  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    if (this.#places.size === 0) process.exit(0);
    for (const worker of this.workers) worker.process.kill("SIGTERM");
  }

  /** One after the other: the next one serves before the old one stops accepting and drains. */
  async replaceAll(): Promise<void> {
    if (this.#isReplacing || this.#isStopping) return;
    this.#isReplacing = true;
    try {
      for (const worker of this.workers) {
        if (this.#isStopping) return;
        if (worker.isDead() || this.#retired.has(worker)) continue;
        if (!(await this.#isReady(this.#startAt(this.#freePlace())))) {
          this.#options.logger.error("a new worker of proxy-auth did not start; the old ones go on");
          return;
        }
        if (this.#isStopping || worker.isDead()) continue;
        this.#retired.add(worker);
        const gone = once(worker, "exit");
        worker.process.kill("SIGTERM");
        await gone;
      }
    } finally {
      this.#isReplacing = false;
    }
  }

  #startAt(place: number): Worker {
    const worker = cluster.fork({ PROXY_AUTH_WORKER: String(place) });
    const startedAt = performance.now();
    this.#places.set(place, worker);
    worker.on("message", (raw: unknown) => {
      const { success, data } = fromWorkerSchema.safeParse(raw);
      if (!success) return;
      if (data.kind === "ready") {
        this.#wasReady = true;
        this.#ready.add(worker);
        worker.emit("ready");
      } else this.#options.onMessage(worker, data);
    });
    worker.on("exit", (code, signal) => {
      const wasReady = this.#ready.delete(worker);
      this.#places.delete(place);
      if (this.#isStopping) {
        if (this.#places.size === 0) process.exit(0);
        return;
      }
      // Cannot start: whoever started this process says so. One that was killed can.
      if (!this.#wasReady && signal === null) process.exit(code || 1);
      if (this.#retired.delete(worker)) {
        void this.#adopt(place);
        return;
      }
      this.#failures = wasReady && performance.now() - startedAt > STABLE_MS ? 0 : this.#failures + 1;
      if (!worker.exitedAfterDisconnect)
        this.#options.logger.error(
          { worker: place, code, signal },
          "a worker of proxy-auth ended; it is started again",
        );
      const wait = RESTART_AFTER_MS[Math.min(this.#failures, RESTART_AFTER_MS.length - 1)] ?? 1_000;
      setTimeout(() => this.#fill(place), wait);
    });
    return worker;
  }

  /** Not missed: a spare that did not start, and one whose spare is there already. */
  #fill(place: number): void {
    const serving = this.workers.filter((worker) => !this.#retired.has(worker)).length;
    const isTaken = this.#places.has(place);
    if (this.#isStopping) return;
    if (serving < this.#options.size) this.#startAt(isTaken ? this.#freePlace() : place);
    else if (!isTaken) void this.#adopt(place);
  }

  #isReady(worker: Worker): Promise<boolean> {
    return new Promise((resolve) => {
      worker.once("ready", () => resolve(true));
      worker.once("exit", () => resolve(false));
    });
  }

  #freePlace(): number {
    let place = 0;
    while (this.#places.has(place) || this.#adopting.has(place)) place++;
    return place;
  }

  async #adopt(place: number): Promise<void> {
    this.#adopting.add(place);
    while (!this.#isStopping && !(await this.#options.adopt(place))) await sleep(ADOPT_AGAIN_MS);
    this.#adopting.delete(place);
  }
}
