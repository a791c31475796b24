import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { JobName } from "#lib/schemas/job.ts";
import { createLogger } from "#server/logger.ts";
import { createRegistry } from "#server/metrics.ts";
import { createRedis, createRedisSubscriber } from "#server/redis.ts";
import { continueTrace, currentTraceId, initTracing, stopTracing } from "#server/tracing.ts";
import { cliContext, preparePlatform } from "#test/database.ts";
import { listJobs } from "./list-jobs.ts";
import { enqueueJob, ensureSchedules, openQueue } from "./queue.ts";
import { runJobNow } from "./run-job-now.ts";
import { startWorker } from "./start-worker.ts";
import { watchQueue } from "./watch-queue.ts";

const platform = preparePlatform();
const log = createLogger("test", "silent");
const KEPT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function open(name = `test-${randomUUID()}`) {
  const queue = openQueue(platform.redis, name);
  cleanups.push(async () => {
    await queue.obliterate({ force: true });
    await queue.close();
  });
  return { name, queue };
}

function work(queueName: string, run: (name: JobName) => Promise<void>) {
  const redis = createRedisSubscriber(platform.redisUrl);
  const done: string[] = [];
  const worker = startWorker({
    redis,
    queueName,
    log,
    processors: { partitions: () => run("partitions"), pruning: () => run("pruning") },
    onDone: (name, result) => done.push(`${name} ${result}`),
  });
  cleanups.push(async () => {
    await worker.stop();
    redis.disconnect();
  });
  return done;
}

async function waitUntil(check: () => boolean | Promise<boolean>, timeoutMs = 8_000): Promise<void> {
  const started = Date.now();
  while (!(await check())) {
    if (Date.now() - started > timeoutMs) throw new Error(`not within ${timeoutMs} ms`);
    await sleep(10);
  }
}

describe("jobs", () => {
  it("runs each schedule once, however many controllers there are", async () => {
    const { name, queue } = open();
    const ran: string[] = [];
    const run = async (job: JobName) => void ran.push(job);
    const done = [work(name, run), work(name, run)];
    const schedules = { partitions: { everySeconds: 3_600 }, pruning: { everySeconds: 3_600 } };
    const redis = createRedis(platform.redisUrl);
    await new Promise((resolve) => redis.once("ready", resolve));
    const other = openQueue(redis, name);
    await Promise.all([ensureSchedules(queue, schedules), ensureSchedules(other, schedules)]);
    await ensureSchedules(queue, schedules);
    await waitUntil(() => done.flat().length === 2);
    await sleep(200);
    expect(ran.sort()).toEqual(["partitions", "pruning"]);
    expect(await queue.getJobCounts("delayed", "waiting")).toMatchObject({ delayed: 2, waiting: 0 });
    await other.close();
    redis.disconnect();
  });

  it("runs in the trace of who queued it, and tells which trace that was", async () => {
    await initTracing({ program: "test", version: "1", endpoint: "http://127.0.0.1:1", sampleRatio: 1 });
    cleanups.push(stopTracing);
    const { name, queue } = open();
    const traces: (string | null)[] = [];
    work(name, async () => void traces.push(currentTraceId()));
    await continueTrace(KEPT, "POST /jobs", {}, () => enqueueJob(queue, { name: "pruning", payload: {} }));
    await waitUntil(async () => (await listJobs({ queue }))[1]?.lastRun !== null);
    expect(traces).toEqual(["0af7651916cd43dd8448eb211c80319c"]);
    expect((await listJobs({ queue }))[1]).toMatchObject({
      name: "pruning",
      isUnderWay: false,
      lastRun: { error: null, traceId: "0af7651916cd43dd8448eb211c80319c" },
    });
  });

  it("queues a job that waits already only once, and again when it is done", async () => {
    const { name, queue } = open();
    for (let round = 0; round < 3; round++) await enqueueJob(queue, { name: "pruning", payload: {} });
    const done = work(name, async () => undefined);
    await waitUntil(() => done.length === 1);
    await enqueueJob(queue, { name: "pruning", payload: {} });
    await waitUntil(() => done.length === 2);
  });

  it("an operator's run leaves its audit row; without Redis neither happens", async () => {
    const { queue } = open();
    await runJobNow({ ctx: cliContext(), queue, name: "partitions" });
    expect(await queue.getJobCounts("waiting")).toEqual({ waiting: 1 });
    const entries = () => platform.db.auditEntry.findMany({ where: { action: "job.run" } });
    expect(await entries()).toMatchObject([{ targetName: "partitions", actorName: "local-cli" }]);
    const away = createRedis("redis://127.0.0.1:1");
    const broken = openQueue(away, "away");
    const failed = runJobNow({ ctx: cliContext(), queue: broken, name: "partitions" });
    await expect(failed).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await entries()).toHaveLength(1);
    away.disconnect();
  });

  it("tries again after a failure, and says at the end why it was given up", async () => {
    const { name, queue } = open();
    let attempts = 0;
    const done = work(name, async () => {
      attempts += 1;
      throw new Error("the disk is full");
    });
    await queue.add(
      "pruning",
      { payload: {}, traceparent: null },
      { attempts: 3, backoff: { type: "fixed", delay: 20 } },
    );
    await waitUntil(() => done.length === 3);
    await waitUntil(async () => (await listJobs({ queue }))[1]?.lastRun != null);
    expect(attempts).toBe(3);
    expect((await listJobs({ queue }))[1]?.lastRun).toMatchObject({ error: "the disk is full" });
  });

  it("refuses what has another shape, once, and goes on with the next", async () => {
    const { name, queue } = open();
    const ran: string[] = [];
    const done = work(name, async (job) => void ran.push(job));
    await queue.add("rm -rf", { payload: {}, traceparent: null });
    await queue.add("pruning", { payload: { secret: "x" }, traceparent: null });
    await queue.add("pruning", "nonsense");
    await enqueueJob(queue, { name: "partitions", payload: {} });
    await waitUntil(() => done.includes("partitions ok"));
    expect(ran).toEqual(["partitions"]);
    expect(await queue.getJobCounts("failed", "delayed", "waiting")).toMatchObject({
      failed: 3,
      delayed: 0,
      waiting: 0,
    });
  });

  it("counts what waits, and since when", async () => {
    const { name, queue } = open();
    const registry = createRegistry();
    watchQueue(registry, queue);
    await queue.add("pruning", { payload: {}, traceparent: null }, { timestamp: Date.now() - 90_000 });
    await queue.add("pruning", { payload: {}, traceparent: null });
    const text = await registry.metrics();
    expect(text).toContain(`causeway_queue_jobs{queue="${name}",state="waiting"} 2`);
    const [, age] = /causeway_queue_oldest_seconds\{queue="[^"]+"\} ([\d.]+)/.exec(text) ?? [];
    expect(Number(age)).toBeGreaterThanOrEqual(90);
    expect(Number(age)).toBeLessThan(120);
  });

  it("fails at once while Redis is away, and has no numbers to tell", async () => {
    const redis = createRedis("redis://127.0.0.1:1");
    const queue = openQueue(redis, "away");
    const registry = createRegistry();
    watchQueue(registry, queue);
    const startedAt = Date.now();
    await expect(enqueueJob(queue, { name: "pruning", payload: {} })).rejects.toThrow();
    expect(await registry.metrics()).not.toContain("causeway_queue_jobs{");
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    redis.disconnect();
    await queue.close().catch(() => undefined);
  });
});
