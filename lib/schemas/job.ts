import { z } from "zod";
import { timeSchema } from "./common.ts";

/** Work without an order of its own, done by a controller through BullMQ. */
export const JOB_NAMES = ["partitions", "pruning"] as const;
export const jobNameSchema = z.enum(JOB_NAMES);
export type JobName = z.infer<typeof jobNameSchema>;

/** Ids and small choices only: never state or a secret. What was queued by an older version is parsed again. */
export const JOB_PAYLOADS = {
  /** Usage partitions: created ahead, old ones dropped. */
  partitions: z.strictObject({}),
  /** Ended sessions, invites, tokens, and changes that everybody has seen. */
  pruning: z.strictObject({}),
} satisfies Record<JobName, z.ZodType>;
export type JobPayload<N extends JobName> = z.output<(typeof JOB_PAYLOADS)[N]>;

/** What lies in Redis. */
export const jobEnvelopeSchema = z.strictObject({
  payload: z.unknown(),
  /** The trace that it is part of (W3C), or null. */
  traceparent: z.string().max(60).nullable(),
});

/** What a processor leaves. */
export const jobResultSchema = z.object({ traceId: z.string().nullable() });

export const jobSchema = z.object({
  name: jobNameSchema,
  everySeconds: z.number().int().positive(),
  nextRunAt: timeSchema.nullable(),
  /** Waiting or running now. */
  isUnderWay: z.boolean(),
  lastRun: z
    .object({
      at: timeSchema,
      seconds: z.number().nonnegative(),
      /** Why it failed, after its last attempt; null = it was done. */
      error: z.string().nullable(),
      traceId: z.string().nullable(),
    })
    .nullable(),
});
export type Job = z.infer<typeof jobSchema>;
export const jobListSchema = z.object({ items: z.array(jobSchema) });
