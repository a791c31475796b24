import { z } from "zod";
import { jobListSchema, jobNameSchema } from "#lib/schemas/job.ts";
import { notFound } from "#server/errors.ts";
import { listJobs } from "#server/jobs/list-jobs.ts";
import { type JobQueue, openQueue } from "#server/jobs/queue.ts";
import { runJobNow } from "#server/jobs/run-job-now.ts";
import { defineRoute, type Route } from "../define-route.ts";
import type { WebRuntime } from "../web-runtime.ts";

/** On the runtime's own connection: fails at once while Redis is away. */
const queues = new WeakMap<WebRuntime, JobQueue>();
function queueOf(runtime: WebRuntime): JobQueue {
  const queue = queues.get(runtime) ?? openQueue(runtime.redis);
  queues.set(runtime, queue);
  return queue;
}

export const jobRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/jobs",
    permission: "status:read",
    tag: "Operation",
    summary: "Background work: rhythm, next and last run",
    answer: jobListSchema,
    handle: async ({ runtime }) => ({ items: await listJobs({ queue: queueOf(runtime) }) }),
  }),
  defineRoute({
    method: "post",
    path: "/jobs/{job}/run",
    permission: "jobs:write",
    tag: "Operation",
    summary: "Run a background job now",
    params: z.object({ job: z.string().min(1).max(64) }),
    answer: null,
    handle: ({ ctx, params, runtime }) => {
      const name = jobNameSchema.safeParse(params.job);
      if (!name.success) throw notFound("job", params.job);
      return runJobNow({ ctx, queue: queueOf(runtime), name: name.data });
    },
  }),
];
