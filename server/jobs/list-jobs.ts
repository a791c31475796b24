import { JOB_NAMES, type Job, type JobName, jobResultSchema } from "#lib/schemas/job.ts";
import { unavailable } from "#server/errors.ts";
import { type JobQueue, SCHEDULES } from "./queue.ts";

const LOOK_BACK = 50;

/** Every job with its rhythm and how it went last, for operators. */
export async function listJobs({ queue }: { queue: JobQueue }): Promise<Job[]> {
  const [schedules, ended, underWay] = await read(queue);
  return JOB_NAMES.map((name) => {
    const schedule = schedules.find(({ key }) => key === name);
    return {
      name,
      everySeconds: SCHEDULES[name].everySeconds,
      nextRunAt: schedule?.next === undefined ? null : new Date(schedule.next).toISOString(),
      isUnderWay: underWay.some((job) => job.name === name),
      lastRun: lastRun(name, ended),
    };
  });
}

async function read(queue: JobQueue) {
  try {
    return await Promise.all([
      queue.getJobSchedulers(),
      queue.getJobs(["completed", "failed"], 0, LOOK_BACK),
      queue.getJobs(["active", "waiting"], 0, LOOK_BACK),
    ]);
  } catch (cause) {
    throw unavailable("Redis is away, and with it what is known of background jobs.", cause);
  }
}

function lastRun(name: JobName, ended: Awaited<ReturnType<JobQueue["getJobs"]>>): Job["lastRun"] {
  const [last] = ended
    .filter((job) => job.name === name && job.finishedOn !== undefined)
    .sort((a, b) => (b.finishedOn ?? 0) - (a.finishedOn ?? 0));
  const finishedOn = last?.finishedOn;
  if (last === undefined || finishedOn === undefined) return null;
  const result = jobResultSchema.safeParse(last.returnvalue);
  return {
    at: new Date(finishedOn).toISOString(),
    seconds: Math.max(0, finishedOn - (last.processedOn ?? finishedOn)) / 1_000,
    error: last.failedReason ? (last.failedReason.trim().split("\n").at(-1) ?? null) : null,
    traceId: result.success ? result.data.traceId : null,
  };
}
