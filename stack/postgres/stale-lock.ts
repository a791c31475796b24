import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { processesIn } from "#stack/process-table.ts";

/** A lock of a dead server whose pid now belongs to somebody else would keep the next one from starting. */
export function removeStaleLock(directory: string): void {
  const lock = join(directory, "postmaster.pid");
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, "utf8").split("\n")[0]);
  if (!processesIn(directory).some((found) => found.pid === pid)) rmSync(lock, { force: true });
}
