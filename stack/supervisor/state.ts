import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { z } from "zod";
import { readJson, writeAtomic } from "#stack/files.ts";
import { inData } from "#stack/paths.ts";
import { identify, isAlive, type ProcessIdentity, processIdentitySchema } from "#stack/process-table.ts";

export const stackFile = () => inData("stack.json");
const supervisorFile = () => inData("run", "supervisor.json");
const processesFile = () => inData("run", "processes.json");

const processesSchema = z.record(z.string(), processIdentitySchema);
export type Processes = z.infer<typeof processesSchema>;

/** The living supervisor of this data directory, or null. */
export function findSupervisor(): ProcessIdentity | null {
  const parsed = processIdentitySchema.safeParse(readJson(supervisorFile()));
  return parsed.success && isAlive(parsed.data) ? parsed.data : null;
}

export const writeSupervisor = (self: ProcessIdentity) => writeAtomic(supervisorFile(), JSON.stringify(self));
export const writeProcesses = (processes: Processes) =>
  writeAtomic(processesFile(), JSON.stringify(processes));

/** What a supervisor left behind: those of its programs that live still. */
export function findLeftovers(): ProcessIdentity[] {
  const parsed = processesSchema.safeParse(readJson(processesFile()));
  return parsed.success ? Object.values(parsed.data).filter(isAlive) : [];
}

/** Hash of the code that was started. */
const sourcesFile = () => inData("run", "sources");
export const writeSources = (hash: string) => writeAtomic(sourcesFile(), hash);
export const readSources = () => (existsSync(sourcesFile()) ? readFileSync(sourcesFile(), "utf8") : null);

export function forgetRun(): void {
  for (const path of [stackFile(), supervisorFile(), processesFile(), sourcesFile()])
    rmSync(path, { force: true });
}

/** The agent's Xray from its pid file; a pid that is not (this) Xray any more is null. */
export function findXray(pidFile: string, xrayBin: string): ProcessIdentity | null {
  if (!existsSync(pidFile)) return null;
  try {
    const { pid } = z
      .object({ pid: z.number().int().positive() })
      .parse(JSON.parse(readFileSync(pidFile, "utf8")));
    const program = readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, "");
    return program === realpathSync(xrayBin) ? identify(pid) : null;
  } catch {
    return null;
  }
}
