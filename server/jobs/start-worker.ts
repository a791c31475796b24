import { UnrecoverableError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { z } from "zod";
import {
  JOB_PAYLOADS,
  type JobName,
  type JobPayload,
  jobEnvelopeSchema,
  jobNameSchema,
  type jobResultSchema,
} from "#lib/schemas/job.ts";
import type { Logger } from "#server/logger.ts";
import { continueTrace, currentTraceId } from "#server/tracing.ts";
import { QUEUE_NAME } from "./queue.ts";

export type Processors = { [N in JobName]: (payload: JobPayload<N>) => Promise<void> };

const STOP_WITHIN_MS = 1_000;

/**
 * Runs queued jobs one after another, each as part of the trace that queued it. Of several workers one gets a job;
 * what a killed one had begun is begun again by another within a minute, so processors may run twice.
 */
export function startWorker(options: {
  /** Of createRedisSubscriber: it waits for Redis for as long as that is away. */
  redis: Redis;
  processors: Processors;
  log: Logger;
  queueName?: string;
  onDone?: (name: JobName, result: "ok" | "failed") => void;
}): { stop(): Promise<void> } {
  const { redis, processors, log, queueName = QUEUE_NAME, onDone } = options;
  const worker = new Worker(
    queueName,
    async (job) => {
      const { name, payload, traceparent } = read(job.name, job.data);
      const attributes = {
        "messaging.system": "bullmq",
        "messaging.destination.name": queueName,
        "causeway.job.id": job.id ?? "",
        "causeway.job.attempt": job.attemptsMade + 1,
      };
      return continueTrace(
        traceparent,
        `job ${name}`,
        attributes,
        async () => {
          // Safe: `read` has parsed the payload with this name's schema.
          await processors[name](payload as never);
          return { traceId: currentTraceId() } satisfies z.input<typeof jobResultSchema>;
        },
        "consumer",
      );
    },
    { connection: redis, concurrency: 1, maxStalledCount: 3, skipVersionCheck: true },
  );
  worker.on("completed", (job) => {
    onDone?.(jobNameSchema.parse(job.name), "ok");
  });
  worker.on("failed", (job, error) => {
    const isLast = job === undefined || job.attemptsMade >= (job.opts.attempts ?? 1);
    log[isLast ? "error" : "warn"](
      { job: job?.name, attempt: job?.attemptsMade, err: error },
      "a job failed",
    );
    const name = jobNameSchema.safeParse(job?.name);
    if (name.success) onDone?.(name.data, "failed");
  });
  // The connection's owner tells of it.
  worker.on("error", () => undefined);
  return {
    async stop() {
      const timer = setTimeout(() => void worker.close(true), STOP_WITHIN_MS);
      await worker.close().finally(() => clearTimeout(timer));
    },
  };
}

/** What is not ours, or of a version whose shape we do not know, is not tried again. */
function read(jobName: string, data: unknown) {
  const name = jobNameSchema.safeParse(jobName);
  const envelope = jobEnvelopeSchema.safeParse(data);
  if (!name.success || !envelope.success) throw new UnrecoverableError(`There is no such job: ${jobName}`);
  const payload = JOB_PAYLOADS[name.data].safeParse(envelope.data.payload);
  if (!payload.success) throw new UnrecoverableError(`The payload of ${jobName} has another shape.`);
  return { name: name.data, payload: payload.data, traceparent: envelope.data.traceparent };
}
