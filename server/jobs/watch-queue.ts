import { Gauge, type Registry } from "#server/metrics.ts";
import { readWithin } from "#server/read-within.ts";
import type { JobQueue } from "./queue.ts";

const WITHIN_MS = 700;
const STATES = ["waiting", "active", "delayed", "failed"] as const;

type Reading = { counts: Record<string, number>; oldestSeconds: number };

/** Depth and age of a queue, read at each scrape; while Redis is away there is nothing to tell. */
export function watchQueue(registry: Registry, queue: JobQueue): void {
  const read = readWithin(WITHIN_MS, () => readQueue(queue));
  const attempt = () => read().catch(() => null);
  const registers = [registry];
  const jobs: Gauge = new Gauge({
    name: "causeway_queue_jobs",
    help: "Jobs by state: waiting for a worker, active, delayed (schedules and tries to come), failed.",
    labelNames: ["queue", "state"],
    registers,
    async collect() {
      jobs.reset();
      const { counts } = (await attempt()) ?? {};
      if (!counts) return;
      for (const state of STATES) jobs.set({ queue: queue.name, state }, counts[state] ?? 0);
    },
  });
  const oldest: Gauge = new Gauge({
    name: "causeway_queue_oldest_seconds",
    help: "How long the oldest job has waited for a worker.",
    labelNames: ["queue"],
    registers,
    async collect() {
      oldest.reset();
      const reading = await attempt();
      if (reading) oldest.set({ queue: queue.name }, reading.oldestSeconds);
    },
  });
}

async function readQueue(queue: JobQueue): Promise<Reading> {
  const [counts, [first]] = await Promise.all([
    queue.getJobCounts(...STATES),
    queue.getJobs(["waiting"], 0, 0, true),
  ]);
  const since = first === undefined ? null : first.timestamp + (first.delay ?? 0);
  return { counts, oldestSeconds: since === null ? 0 : Math.max(0, Date.now() - since) / 1_000 };
}
