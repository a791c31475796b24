import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { JOB_NAMES, type JobName, type JobPayload } from "#lib/schemas/job.ts";
import { currentTraceparent } from "#server/tracing.ts";

/** Below the key prefix `bull:`, which Redis's ACL gives to web and controller. */
export const QUEUE_NAME = "maintenance";

/** How often each job runs. What must happen at the second is no job: it has a loop of its own in the controller. */
export const SCHEDULES: Record<JobName, { everySeconds: number }> = {
  partitions: { everySeconds: 3_600 },
  pruning: { everySeconds: 600 },
};

const DAY_SECONDS = 86_400;
/** Five tries within a minute; the last results are kept for whoever asks, and no more. */
export const JOB_OPTIONS = {
  attempts: 5,
  backoff: { type: "exponential", delay: 2_000, jitter: 0.5 },
  removeOnComplete: { count: 50, age: DAY_SECONDS },
  removeOnFail: { count: 50, age: 7 * DAY_SECONDS },
};

export type JobQueue = Queue;

/** Fails at once while Redis is away: `redis` is a connection of server/redis.ts. The caller closes both. */
export function openQueue(redis: Redis, name = QUEUE_NAME): JobQueue {
  const queue = new Queue(name, {
    connection: redis,
    defaultJobOptions: JOB_OPTIONS,
    skipWaitingForReady: true,
    skipVersionCheck: true,
  });
  // The connection's owner tells of it.
  queue.on("error", () => undefined);
  return queue;
}

/** Queues a job as part of the current trace; while one of the same name waits or runs, it is the same one. */
export async function enqueueJob<N extends JobName>(
  queue: JobQueue,
  { name, payload }: { name: N; payload: JobPayload<N> },
): Promise<void> {
  const data = { payload, traceparent: currentTraceparent() };
  await queue.add(name, data, { deduplication: { id: name } });
}

/**
 * Makes sure that every schedule stands in Redis, which may have lost them; one that stands keeps its rhythm. By name,
 * so that two controllers make one. A new one runs at once.
 */
export async function ensureSchedules(queue: JobQueue, schedules = SCHEDULES): Promise<void> {
  const standing = await queue.getJobSchedulers();
  for (const name of JOB_NAMES) {
    const every = schedules[name].everySeconds * 1_000;
    if (standing.some((schedule) => schedule.key === name && Number(schedule.every) === every)) continue;
    const data = { payload: {}, traceparent: null };
    await queue.upsertJobScheduler(name, { every }, { name, data, opts: JOB_OPTIONS });
  }
}
