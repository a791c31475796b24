import type { Registry } from "#server/metrics.ts";
import { type FromWorker, toWorkerSchema } from "./messages.ts";

const ANSWER_WITHIN_MS = 3_000;

/** A worker's side of the channel: whoever is scraped answers for all. */
export class WorkerLink {
  readonly #registry: Registry;
  readonly #asked = new Map<number, (text: string) => void>();
  #nextId = 1;

  constructor(registry: Registry) {
    this.#registry = registry;
    // A scrape that fails costs a scrape: nobody's tunnels end for it.
    process.on("message", (message) => void this.#onMessage(message).catch(() => {}));
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async metrics(): Promise<string> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#asked.delete(id);
        reject(new Error("The first process did not answer."));
      }, ANSWER_WITHIN_MS);
      this.#asked.set(id, (text) => {
        clearTimeout(timer);
        resolve(text);
      });
      this.#send({ kind: "ask-metrics", id });
    });
  }

  async #onMessage(raw: unknown): Promise<void> {
    const { success, data } = toWorkerSchema.safeParse(raw);
    if (!success) return;
    if (data.kind === "merged") {
      this.#asked.get(data.id)?.(data.text);
      this.#asked.delete(data.id);
    } else {
      this.#send({ kind: "metrics", id: data.id, metrics: await this.#registry.getMetricsAsJSON() });
    }
  }

  #send(message: FromWorker): void {
    if (process.connected) process.send?.(message, () => {});
  }
}
