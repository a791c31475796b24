import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { StackError } from "#stack/stack-error.ts";

/** Readers see the old or the new file, never half of one. */
export function writeAtomic(path: string, text: string | Uint8Array, mode = 0o600): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, text, { mode });
    renameSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC")
      throw new StackError(`The disk of ${dirname(path)} is full. Free some space and try again.`);
    throw error;
  }
}

/** Leaves an unchanged file alone, so that watchers of it stay quiet. */
export function writeIfChanged(path: string, text: string, mode = 0o600): boolean {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return false;
  writeAtomic(path, text, mode);
  return true;
}

export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

export const sha256 = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex");

export const modifiedMs = (path: string) => (existsSync(path) ? statSync(path).mtimeMs : 0);
