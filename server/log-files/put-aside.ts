import { renameSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { rotatedLogName } from "#lib/logs/log-names.ts";

/** What a log file is called when it is put aside; two within a millisecond do not meet. */
export function asideName(path: string, now: number): string {
  const name = join(dirname(path), rotatedLogName(basename(path), now));
  let target = name;
  for (let copy = 2; statSync(target, { throwIfNoEntry: false }); copy += 1) target = `${name}-${copy}`;
  return target;
}

export function putAside(path: string, now: number): void {
  renameSync(path, asideName(path, now));
}
