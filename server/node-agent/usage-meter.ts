import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "#server/clock.ts";
import type { Logger } from "#server/logger.ts";
import type { XrayClient } from "#server/xray/client.ts";
import { createExclusive } from "./exclusive.ts";
import type { Journal } from "./journal.ts";
import type { XrayProcess } from "./xray-process.ts";

/** The most traffic a kill -9 of Xray may lose is what flowed in one interval. */
const MIN_INTERVAL_MILLIS = 250;
const MAX_INTERVAL_MILLIS = 3_000;

type Options = {
  client: XrayClient;
  process: XrayProcess;
  journal: Journal;
  clock: Clock;
  log: Logger;
  onTraffic: (userIds: string[]) => void;
};

/** Reads Xray's counters into the journal. With many counters it reads less often, to stay at a few % of a core. */
export class UsageMeter {
  readonly #options: Options;
  readonly #exclusive = createExclusive();
  #isStopped = false;
  #failingSince: number | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Counters could not be read or journaled for some seconds. */
  get isFailing(): boolean {
    return this.#failingSince !== null && this.#options.clock.now() - this.#failingSince > 3_000;
  }

  async run(): Promise<void> {
    while (!this.#isStopped) {
      const started = performance.now();
      await this.poll();
      const took = performance.now() - started;
      await sleep(Math.min(Math.max(MIN_INTERVAL_MILLIS, took * 20), MAX_INTERVAL_MILLIS));
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Never throws: what could not be read or written now is still in Xray's counters the next time. */
  async poll(): Promise<void> {
    const { client, process, journal, clock, log, onTraffic } = this.#options;
    await this.#exclusive(async () => {
      const core = process.coreName;
      if (core === null || !process.isUp) return;
      try {
        const traffic = await client.queryTraffic();
        if (process.coreName !== core) return;
        const userIds = journal.recordPoll({ core, at: clock.now(), traffic });
        this.#failingSince = null;
        if (userIds.length > 0) onTraffic(userIds);
      } catch (error) {
        if (this.#failingSince === null)
          log.warn({ err: error }, "Xray's counters could not be journaled: trying again");
        this.#failingSince ??= clock.now();
      }
    });
  }
}
