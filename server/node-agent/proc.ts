import { readdirSync, readFileSync } from "node:fs";

/** A process that pid reuse cannot confuse: start time is field 22 of /proc/<pid>/stat, in clock ticks since boot. */
export type ProcessIdentity = { pid: number; startTime: string };

/** null when the process is gone or a zombie. */
export function readStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

export function isRunning(identity: ProcessIdentity): boolean {
  return readStartTime(identity.pid) === identity.startTime;
}

/** Processes whose command line ends with these arguments, exactly. */
export function findByArguments(tail: readonly string[]): ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const words = readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0").slice(0, -1);
      if (words.slice(-tail.length).join("\0") !== tail.join("\0")) continue;
      const startTime = readStartTime(Number(entry));
      if (startTime !== null) found.push({ pid: Number(entry), startTime });
    } catch {
      // Gone between the listing and the reading.
    }
  }
  return found;
}
