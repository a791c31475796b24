import type { Clock } from "#server/clock.ts";
import type { Logger } from "#server/logger.ts";
import { resetDueUsers } from "#server/usage/reset-due-users.ts";
import { findNextExpiry, syncStatuses } from "#server/usage/sync-statuses.ts";
import type { ControllerMetrics } from "./controller-metrics.ts";
import { createErrorTeller } from "./error-teller.ts";
import type { Lease } from "./lease.ts";
import { type Loop, runLoop } from "./run-loop.ts";

const SWEEP_EVERY_MS = 1_000;

type Job = { name: string; run: (now: Date) => Promise<void>; pauseMs: () => Promise<number> };

/** What must happen at the second; the rest is in maintenance.ts. One lease: a second controller does nothing until the first is gone. */
export function startJobs(options: {
  lease: Lease;
  metrics: ControllerMetrics;
  log: Logger;
  clock: Clock;
}): Loop {
  const { clock, lease, metrics, log } = options;
  const every = (pauseMs: number) => async () => pauseMs;
  const jobs: Job[] = [
    {
      name: "statuses",
      async run() {
        const { changed } = await syncStatuses();
        if (changed > 0) log.info({ changed }, "users have expired");
      },
      // At the second: not a whole sweep after the moment that is already known.
      async pauseMs() {
        const next = (await findNextExpiry())?.getTime() ?? Number.POSITIVE_INFINITY;
        return Math.max(5, Math.min(SWEEP_EVERY_MS, next - clock.now() + 5));
      },
    },
    {
      name: "resets",
      async run(now) {
        while ((await resetDueUsers({ now })).reset > 0) log.info("usage of users was reset on schedule");
      },
      pauseMs: every(SWEEP_EVERY_MS),
    },
  ];
  const loops = jobs.map(({ name, run, pauseMs }) => {
    const teller = createErrorTeller(log.child({ job: name }), "a scheduled job failed");
    return runLoop({
      async round() {
        if (!(await lease.isHeld(clock.now()))) return SWEEP_EVERY_MS;
        await run(new Date(clock.now()));
        metrics.jobs.inc({ name, result: "ok" });
        teller.recovered();
        return pauseMs();
      },
      onError(error) {
        metrics.jobs.inc({ name, result: "failed" });
        teller.failed(error);
      },
    });
  });
  return {
    wake() {
      for (const loop of loops) loop.wake();
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
