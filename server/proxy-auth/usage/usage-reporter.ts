import type { Clock } from "#server/clock.ts";
import type { Logger } from "#server/logger.ts";
import type { DoorsMetrics } from "../doors-metrics.ts";
import type { InternalApi } from "../replica/internal-api.ts";
import type { Accounts } from "./accounts.ts";
import type { UsageJournal } from "./usage-journal.ts";

/** Bytes counted but not on disk are lost by kill -9: at most this long's worth and one fdatasync. */
const FLUSH_MS = 500;
const SEND_EVERY_MS = 1_000;
const RETRY_MS = [1_000, 2_000, 5_000] as const;

type Totals = readonly { userId: string; usedBytes: number }[];
type ReporterOptions = {
  accounts: Accounts;
  journal: UsageJournal;
  api: InternalApi;
  clock: Clock;
  logger: Logger;
  metrics: DoorsMetrics;
  /** Resolves when no pull of the change feed is under way (both carry usedBytes; the later must win). */
  whenFeedIsQuiet: () => Promise<void>;
  onTotals: (totals: Totals) => void;
};

/** Moves counted bytes into the journal and from there to the panel, in order and one batch at a time. */
export class UsageReporter {
  readonly #options: ReporterOptions;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #sending: Promise<void> | null = null;
  #lastSentAt = 0;
  #failures = 0;
  #retryAt = 0;
  #isDiskRefusing = false;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** A report is on its way: totals it brings are newer than rows read meanwhile. */
  get isSending(): boolean {
    return this.#sending !== null;
  }

  /** The disk refuses the journal: counts are in memory only. */
  get isDiskRefusing(): boolean {
    return this.#isDiskRefusing;
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS);
  }

  /** Counts → disk → panel. Never throws: what cannot go now goes next time. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** The last counts reach the disk, and the panel if it answers at once. */
  async stop(timeoutMs: number): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    const timeout = new Promise<void>((resolve) => setTimeout(resolve, timeoutMs).unref());
    const last = async () => {
      await this.flush();
      await this.#sending;
      this.#lastSentAt = 0;
      await this.flush();
      await this.#sending;
    };
    await Promise.race([last(), timeout]);
  }

  async #write(): Promise<void> {
    const { accounts, journal, clock, logger, metrics } = this.#options;
    const isTime = clock.now() - this.#lastSentAt >= SEND_EVERY_MS && clock.now() >= this.#retryAt;
    const deltas = accounts.collect();
    for (const { door, upBytes, downBytes } of deltas) {
      metrics.bytes.inc({ door, direction: "up" }, upBytes);
      metrics.bytes.inc({ door, direction: "down" }, downBytes);
    }
    try {
      await journal.write(deltas, isTime);
      if (this.#isDiskRefusing) logger.info("the usage journal can be written again");
      this.#isDiskRefusing = false;
    } catch (error) {
      if (!this.#isDiskRefusing) {
        logger.error(
          { err: error },
          "the usage journal cannot be written; counts stay in memory: free some disk space",
        );
      }
      this.#isDiskRefusing = true;
    }
    accounts.sweep();
    if (isTime && journal.outstanding && !this.#sending) {
      this.#sending = this.#send().finally(() => {
        this.#sending = null;
      });
    }
  }

  async #send(): Promise<void> {
    const { accounts, journal, api, clock, logger } = this.#options;
    await this.#options.whenFeedIsQuiet();
    const batch = journal.outstanding;
    if (!batch) return;
    this.#lastSentAt = clock.now();
    try {
      const answer = await api.sendUsage(batch);
      for (const { userId, upBytes, downBytes } of batch.entries) {
        accounts.find(userId)?.acknowledge(upBytes + downBytes);
      }
      this.#options.onTotals(answer.totals);
      if (this.#failures > 0) logger.info({ seq: batch.seq }, "usage is being reported again");
      this.#failures = 0;
      await this.#acknowledge(batch.seq, answer.lastSeq);
    } catch (error) {
      const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 1_000;
      this.#retryAt = clock.now() + wait;
      if (this.#failures === 0) {
        logger.warn({ err: error, seq: batch.seq }, "usage cannot be reported; it is kept in the journal");
      }
      this.#failures += 1;
    }
  }

  /** Behind the write under way. A lost ack only means that the same batch is sent again after a restart. */
  async #acknowledge(seq: number, lastSeq: number): Promise<void> {
    const { journal, logger } = this.#options;
    const acknowledging = this.#writing.then(() => journal.acknowledge(seq, lastSeq));
    this.#writing = acknowledging.catch((error) =>
      logger.warn({ err: error }, "the journal's ack was not written"),
    );
    await this.#writing;
  }
}
