import type { Worker } from "node:cluster";
import { mergeMetrics } from "./merge-metrics.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

const COLLECT_WITHIN_MS = 1_500;

type Collection = { parts: unknown[][]; missing: number; finish: () => void };

/** Whichever worker is scraped gets the metrics of all of them; one that is silent for 1.5 s is left out. */
export class MetricsCollector {
  readonly #workers: () => Worker[];
  readonly #collections = new Map<number, Collection>();
  #nextId = 1;

  constructor(workers: () => Worker[]) {
    this.#workers = workers;
  }

  async onMessage(worker: Worker, data: FromWorker): Promise<void> {
    if (data.kind === "ask-metrics") {
      send(worker, { kind: "merged", id: data.id, text: await mergeMetrics(await this.#collect()) });
      return;
    }
    const collection = data.kind === "metrics" && this.#collections.get(data.id);
    if (!collection) return;
    collection.parts.push(data.metrics);
    collection.missing -= 1;
    if (collection.missing === 0) collection.finish();
  }

  #collect(): Promise<unknown[][]> {
    return new Promise((resolve) => {
      const id = this.#nextId++;
      const asked = this.#workers().filter((worker) => worker.isConnected());
      const timer = setTimeout(() => collection.finish(), COLLECT_WITHIN_MS);
      const collection: Collection = {
        parts: [],
        missing: asked.length,
        finish: () => {
          clearTimeout(timer);
          this.#collections.delete(id);
          resolve(collection.parts);
        },
      };
      this.#collections.set(id, collection);
      for (const worker of asked) send(worker, { kind: "give-metrics", id });
    });
  }
}

function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => {});
}
