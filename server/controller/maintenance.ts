import type { Redis } from "ioredis";
import type { Clock } from "#server/clock.ts";
import { pruneConnectionHistory } from "#server/connections/prune-connection-history.ts";
import { ensureSchedules, openQueue, QUEUE_NAME } from "#server/jobs/queue.ts";
import { startWorker } from "#server/jobs/start-worker.ts";
import { watchQueue } from "#server/jobs/watch-queue.ts";
import type { Logger } from "#server/logger.ts";
import { maintainPartitions } from "#server/usage/maintain-partitions.ts";
import type { ControllerMetrics } from "./controller-metrics.ts";
import { pruneRecords } from "./prune-records.ts";
import { runLoop } from "./run-loop.ts";

const ENSURE_EVERY_MS = 15_000;

/**
 * Work without order that need not be at the second, through BullMQ: however many controllers there are, each schedule
 * runs once. While Redis is away nothing of it runs, and nothing is lost by that: usage without a partition waits in
 * the default one, and what is to be deleted is deleted later.
 */
export function startMaintenance(options: {
  /** Fails at once while Redis is away. */
  redis: Redis;
  /** Waits. */
  workerRedis: Redis;
  metrics: ControllerMetrics;
  log: Logger;
  clock: Clock;
  queueName?: string;
  keepConnectionDays: number;
}): { stop(): Promise<void> } {
  const { redis, workerRedis, metrics, log, clock, queueName = QUEUE_NAME } = options;
  const queue = openQueue(redis, queueName);
  watchQueue(metrics.registry, queue);
  const now = () => new Date(clock.now());
  const worker = startWorker({
    redis: workerRedis,
    queueName,
    log,
    processors: {
      async partitions() {
        const { created, dropped } = await maintainPartitions({ now: now() });
        if (created.length + dropped.length > 0) log.info({ created, dropped }, "usage partitions kept");
      },
      async pruning() {
        await pruneRecords({ now: now() });
        await pruneConnectionHistory({ now: now(), keepDays: options.keepConnectionDays });
      },
    },
    onDone: (name, result) => metrics.jobs.inc({ name, result }),
  });
  // Redis keeps nothing over a restart: what it has lost is put back.
  const schedules = runLoop({
    async round() {
      await ensureSchedules(queue);
      return ENSURE_EVERY_MS;
    },
    onError: (error) => log.debug({ err: error }, "Redis is away: maintenance waits"),
  });
  return {
    async stop() {
      await Promise.all([schedules.stop(), worker.stop()]);
      await queue.close();
    },
  };
}
