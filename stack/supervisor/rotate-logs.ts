import { readEnv } from "#server/env.ts";
import { keepLogFiles } from "#server/log-files/keep-log-files.ts";
import { readLogLimits } from "#server/log-files/log-limits.ts";
import { inData } from "#stack/paths.ts";
import { isAlive, type ProcessIdentity } from "#stack/process-table.ts";

/** Traefik opens its files anew when it is told; whoever prints to a file of ours cannot be told. */
export function rotateLogs(
  find: (program: string) => ProcessIdentity | null,
  log: (line: string) => void,
): void {
  const reopener = (program: string, stream: string) => {
    const identity = program === "traefik" && stream.endsWith(".log") ? find("traefik") : null;
    return identity && isAlive(identity) ? () => void process.kill(identity.pid, "SIGUSR1") : null;
  };
  try {
    const limits = readLogLimits(readEnv("stack"));
    keepLogFiles({ directory: inData("logs"), limits, now: Date.now(), reopener });
  } catch (error) {
    log(`logs could not be rotated: ${(error as Error).message}`);
  }
}
