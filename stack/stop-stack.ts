import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, stopProcesses } from "#stack/process-table.ts";
import { findLeftovers, findSupervisor, forgetRun } from "#stack/supervisor/state.ts";

/** Stops everything, whether its supervisor lives or not. Answers whether there was anything to stop. */
export async function stopStack(): Promise<boolean> {
  const supervisor = findSupervisor();
  const programs = findLeftovers();
  if (supervisor !== null) {
    process.kill(supervisor.pid, "SIGTERM");
    const deadline = Date.now() + 40_000;
    while (isAlive(supervisor) && Date.now() < deadline) await sleep(50);
    await stopProcesses([supervisor], { signal: "SIGKILL", patienceMs: 0 });
  }
  // Of a supervisor that was killed, or that did not manage. PostgreSQL takes SIGINT as "now, but cleanly".
  const left = [...programs, ...findLeftovers()].filter(isAlive);
  await stopProcesses(left, { signal: "SIGINT", patienceMs: 8_000 });
  forgetRun();
  return supervisor !== null || left.length > 0;
}
