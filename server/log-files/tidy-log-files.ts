import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseLogName } from "#lib/logs/log-names.ts";
import type { LogLimits } from "./log-limits.ts";

/** Deletes files that were put aside: the too old ones, then the oldest of all programs until the total fits. */
export function tidyLogFiles(directory: string, limits: LogLimits, now: number): void {
  const files = readdirSync(directory).flatMap((name) => {
    const parsed = parseLogName(name);
    const size = parsed && statSync(join(directory, name), { throwIfNoEntry: false })?.size;
    return parsed && size !== undefined && size !== null ? [{ name, size, rotatedAt: parsed.rotatedAt }] : [];
  });
  let total = files.reduce((sum, { size }) => sum + size, 0);
  const aside = files.flatMap(({ rotatedAt, ...file }) =>
    rotatedAt === null ? [] : [{ ...file, rotatedAt }],
  );
  for (const { name, size, rotatedAt } of aside.sort((a, b) => a.rotatedAt - b.rotatedAt)) {
    if (now - rotatedAt < limits.keepMs && total <= limits.totalBytes) return;
    rmSync(join(directory, name), { force: true });
    total -= size;
  }
}
