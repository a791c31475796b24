import { readdirSync } from "node:fs";
import { join } from "node:path";

const NAME = /^worker-(\d+)$/;

/** The first worker keeps the directory that a single process has. */
export const stateDirOf = (stateDir: string, place: number): string =>
  place === 0 ? stateDir : join(stateDir, `worker-${place}`);

/** Directories of workers from `first` on, also of those that no longer run. */
export function workerDirsFrom(stateDir: string, first: number): string[] {
  try {
    return readdirSync(stateDir)
      .filter((name) => Number(NAME.exec(name)?.[1] ?? -1) >= first)
      .map((name) => join(stateDir, name));
  } catch {
    return [];
  }
}
