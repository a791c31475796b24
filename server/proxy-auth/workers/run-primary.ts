import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import type { Logger } from "#server/logger.ts";
import { mergeMetrics } from "./merge-metrics.ts";
import { fromWorkerSchema, type ToWorker } from "./messages.ts";

const COLLECT_WITHIN_MS = 1_500;
const RESTART_AFTER_MS = [50, 250, 1_000, 5_000] as const;
/** A worker that lived this long did not fail at its start. */
const STABLE_MS = 10_000;

type PrimaryOptions = { workers: number; logger: Logger };

/**
 * The first of several processes: it opens the listeners, which all workers accept from by themselves (handing each
 * connection over costs more than it brings), starts workers again, and puts their metrics together. It decides and
 * carries nothing. When it dies its workers end with it.
 */
export function runPrimary({ workers, logger }: PrimaryOptions): void {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const collections = new Map<number, { parts: unknown[][]; missing: number; finish: () => void }>();
  const places = new Map<number, Worker>();
  let nextId = 1;
  let failures = 0;
  let isStopping = false;
  let hasListened = false;

  const send = (worker: Worker, message: ToWorker) => {
    if (worker.isConnected()) worker.send(message, () => {});
  };

  const collect = (): Promise<unknown[][]> =>
    new Promise((resolve) => {
      const id = nextId++;
      const asked = [...places.values()].filter((worker) => worker.isConnected());
      const timer = setTimeout(() => collection.finish(), COLLECT_WITHIN_MS);
      const collection = {
        parts: [] as unknown[][],
        missing: asked.length,
        finish: () => {
          clearTimeout(timer);
          collections.delete(id);
          resolve(collection.parts);
        },
      };
      collections.set(id, collection);
      for (const worker of asked) send(worker, { kind: "give-metrics", id });
    });

  const onMessage = async (worker: Worker, raw: unknown) => {
    const { success, data } = fromWorkerSchema.safeParse(raw);
    if (!success) return;
    if (data.kind === "ask-metrics") {
      send(worker, { kind: "merged", id: data.id, text: await mergeMetrics(await collect()) });
      return;
    }
    const collection = collections.get(data.id);
    if (!collection) return;
    collection.parts.push(data.metrics);
    collection.missing -= 1;
    if (collection.missing === 0) collection.finish();
  };

  const start = (place: number): Worker => {
    const worker = cluster.fork({ PROXY_AUTH_WORKER: String(place) });
    const startedAt = performance.now();
    places.set(place, worker);
    worker.on("message", (message: unknown) => {
      onMessage(worker, message).catch((error: unknown) => logger.warn({ err: error }, "a scrape failed"));
    });
    worker.on("listening", () => {
      hasListened = true;
    });
    worker.on("exit", (code, signal) => {
      places.delete(place);
      if (isStopping) {
        if (places.size === 0) process.exit(0);
        return;
      }
      if (!hasListened) process.exit(code || 1);
      failures = performance.now() - startedAt > STABLE_MS ? 0 : failures + 1;
      const wait = RESTART_AFTER_MS[Math.min(failures, RESTART_AFTER_MS.length - 1)] ?? 1_000;
      if (!worker.exitedAfterDisconnect)
        logger.error({ worker: place, code, signal }, "a worker of proxy-auth ended; it is started again");
      setTimeout(() => {
        if (!isStopping) start(place);
      }, wait);
    });
    return worker;
  };

  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    if (places.size === 0) process.exit(0);
    for (const worker of places.values()) worker.process.kill("SIGTERM");
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  /** One after the other drains and is replaced, while the others take what comes. */
  const replaceAll = async () => {
    for (const [place, worker] of [...places]) {
      const gone = once(worker, "exit");
      worker.process.kill("SIGTERM");
      await gone;
      while (!places.has(place)) await new Promise((resolve) => setTimeout(resolve, 20));
      const next = places.get(place);
      if (next) await once(next, "listening");
    }
  };
  process.on("SIGHUP", () => void replaceAll());

  for (let place = 0; place < workers; place++) start(place);
}
