import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** A pid alone may be somebody else's tomorrow; with the start time (clock ticks since boot) it is one process. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  startTime: z.coerce.string(),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** Field 22 of /proc/<pid>/stat, or null when there is no such process (a zombie counts as none). */
export function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the name in parentheses and may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

export function identify(pid: number): ProcessIdentity | null {
  const startTime = startTimeOf(pid);
  return startTime === null ? null : { pid, startTime };
}

export const isAlive = (process: ProcessIdentity) => startTimeOf(process.pid) === process.startTime;

function signal(target: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, name);
  } catch {
    // It ended between the two lines.
  }
}

/** Asks, waits, and then insists. Resolves when none of them lives. */
export async function stopProcesses(
  targets: ProcessIdentity[],
  options: { signal?: NodeJS.Signals; patienceMs: number },
): Promise<void> {
  for (const target of targets) signal(target, options.signal ?? "SIGTERM");
  const deadline = Date.now() + options.patienceMs;
  while (targets.some(isAlive) && Date.now() < deadline) await sleep(25);
  for (const target of targets) signal(target, "SIGKILL");
  while (targets.some(isAlive)) await sleep(10);
}

/** Processes whose working directory is `directory` or below: what a dead parent may have left there. */
export function processesIn(directory: string): ProcessIdentity[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const cwd = readlinkSync(`/proc/${name}/cwd`);
        if (cwd !== directory && !cwd.startsWith(`${directory}/`)) return [];
      } catch {
        return [];
      }
      return identify(Number(name)) ?? [];
    });
}
