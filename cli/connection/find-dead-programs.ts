import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const pidsSchema = z.object({ pids: z.record(z.string(), z.number().int().positive()) });

/** Programs of the stack whose process is gone; for when the panel cannot be asked. */
export function findDeadPrograms(dataDir: string): string[] {
  try {
    const { pids } = pidsSchema.parse(JSON.parse(readFileSync(join(dataDir, "stack.json"), "utf8")));
    return Object.entries(pids)
      .filter(([, pid]) => !isAlive(pid))
      .map(([name]) => name);
  } catch {
    return [];
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
