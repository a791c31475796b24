import { closeSync, openSync, readdirSync, readSync, statSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parseLogName } from "#lib/logs/log-names.ts";
import { type LogLimits, ROTATE_EVERY_MS } from "./log-limits.ts";
import { asideName, putAside } from "./put-aside.ts";
import { tidyLogFiles } from "./tidy-log-files.ts";

/** Those whose writers put them aside by themselves (log-file.ts). */
const OWN_STREAM = /^(web|controller|proxy-auth|node-agent|edge|xray)(-[\w.-]+)?\.log$/;
const COPY_BYTES = 1024 * 1024;

type KeepOptions = {
  directory: string;
  limits: LogLimits;
  now: number;
  /** How a program is told to open its file anew; null = it cannot be told. */
  reopener: (program: string, stream: string) => (() => void) | null;
};

/**
 * Puts aside what programs that are not ours have written, and keeps the directory within its limits. A program that
 * can open its file anew is told to; the others append to what they once opened, so that is copied and emptied.
 */
export function keepLogFiles({ directory, limits, now, reopener }: KeepOptions): void {
  const files = readdirSync(directory).flatMap((name) => {
    const parsed = parseLogName(name);
    return parsed ? [{ name, ...parsed }] : [];
  });
  const failures: unknown[] = [];
  for (const { name, program, stream, rotatedAt } of files) {
    if (rotatedAt !== null || OWN_STREAM.test(stream)) continue;
    const path = join(directory, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found || found.size === 0) continue;
    const lastTimes = files.flatMap((file) => (file.stream === stream ? (file.rotatedAt ?? []) : []));
    const isOld = now - Math.max(found.birthtimeMs || now, ...lastTimes) >= ROTATE_EVERY_MS;
    if (found.size < limits.fileBytes && !isOld) continue;
    const reopen = reopener(program, stream);
    try {
      if (reopen === null) copyAndEmpty(path, asideName(path, now));
      else {
        putAside(path, now);
        reopen();
      }
    } catch (error) {
      failures.push(error);
    }
  }
  tidyLogFiles(directory, limits, now);
  // One file that cannot be rotated keeps no other from it.
  if (failures.length > 0) throw failures[0];
}

/** What is appended between the last read and the emptying is lost: some microseconds. */
function copyAndEmpty(path: string, target: string): void {
  const from = openSync(path, "r");
  const to = openSync(target, "wx", 0o640);
  try {
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    for (let read = readSync(from, buffer); read > 0; read = readSync(from, buffer))
      writeSync(to, buffer, 0, read);
    truncateSync(path, 0);
  } finally {
    closeSync(from);
    closeSync(to);
  }
}
