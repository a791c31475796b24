import type { JobName } from "#lib/schemas/job.ts";
import { recordAudit } from "#server/audit/record-audit.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { unavailable } from "#server/errors.ts";
import { enqueueJob, type JobQueue } from "./queue.ts";

/** Does a job at once, beside its rhythm, in the trace of who asked. */
export async function runJobNow({
  ctx,
  queue,
  name,
}: {
  ctx: Context;
  queue: JobQueue;
  name: JobName;
}): Promise<void> {
  await getDb().$transaction(async (tx) => {
    await recordAudit(tx, { ctx, action: "job.run", targetKind: "job", targetName: name });
    // Inside: what could not be queued leaves no word that it was.
    await enqueueJob(queue, { name, payload: {} }).catch((cause: unknown) => {
      throw unavailable("Redis is away, so nothing can be queued. Try again in a moment.", cause);
    });
  });
}
