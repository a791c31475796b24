import type { XrayClient } from "#server/xray/client.ts";
import type { XrayProcess } from "./xray-process.ts";

/** One slow answer is no absence. */
const SILENT_AFTER = 2;

/** Whether the Xray that runs also answers: a hung one still has its process. */
export class XrayPulse {
  readonly #process: XrayProcess;
  readonly #client: XrayClient;
  #unanswered = 0;
  #isAsking = false;

  constructor(options: { process: XrayProcess; client: XrayClient }) {
    this.#process = options.process;
    this.#client = options.client;
  }

  get isAnswering(): boolean {
    return this.#process.isUp && this.#unanswered < SILENT_AFTER;
  }

  /** On a timer of a second; the question itself waits as long at most. */
  async beat(): Promise<void> {
    if (this.#isAsking || !this.#process.isUp) return;
    this.#isAsking = true;
    try {
      await this.#client.getUptimeSeconds();
      this.#unanswered = 0;
    } catch {
      this.#unanswered += 1;
    } finally {
      this.#isAsking = false;
    }
  }
}
