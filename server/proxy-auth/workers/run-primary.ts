import cluster from "node:cluster";
import type { Logger } from "#server/logger.ts";
import { adoptWorkerJournal, JournalAdopter } from "../usage/adopt-journals.ts";
import { MetricsCollector } from "./collect-metrics.ts";
import { placesIn } from "./state-dir.ts";
import { WorkerPool } from "./worker-pool.ts";

type PrimaryOptions = { workers: number; stateDir: string; logger: Logger };

/**
 * The first process: it opens the listeners, which all workers accept from by themselves (handing each connection over
 * costs more than it brings), starts workers again, replaces them at SIGHUP, puts their metrics together and has
 * reported what ended ones left in their journals. It decides and carries nothing. When it dies its workers end with it.
 */
export function runPrimary({ workers, stateDir, logger }: PrimaryOptions): void {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const collector = new MetricsCollector(() => pool.workers);
  const pool = new WorkerPool({
    size: workers,
    logger,
    onMessage: (worker, message) => {
      collector
        .onMessage(worker, message)
        .catch((error: unknown) => logger.warn({ err: error }, "a scrape failed"));
    },
    adopt: (place) => adoptWorkerJournal({ stateDir, place, logger }),
  });
  const stop = () => pool.stop();
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("SIGHUP", () => void pool.replaceAll());
  pool.start(placesIn(stateDir));
  new JournalAdopter({ stateDir, logger }).start();
}
