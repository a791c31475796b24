import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

const directory = () => join(inject("stack").dataDir, "logs");

/** Every log file of every program, those put aside too; anew when one was put aside or deleted meanwhile. */
export function readLogFiles(): { name: string; text: string }[] {
  for (let attempt = 1; ; attempt++) {
    try {
      return readdirSync(directory()).map((name) => ({
        name,
        text: readFileSync(join(directory(), name), "latin1"),
      }));
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}

/** All lines of one program's stream, in the order they were written. */
export function readStream(name: string): string[] {
  return readLogFiles()
    .filter((file) => file.name === name || file.name.startsWith(`${name}.`))
    .toSorted((a, b) => Number(a.name === name) - Number(b.name === name) || a.name.localeCompare(b.name))
    .flatMap(({ text }) => text.split("\n").filter((line) => line !== ""));
}

export const totalLogBytes = (): number =>
  readdirSync(directory()).reduce(
    (sum, name) => sum + (statSync(join(directory(), name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

/** Names of the files that hold any of these, with what they hold. */
export function findInLogs(words: Record<string, string>): string[] {
  return readLogFiles().flatMap(({ name, text }) =>
    Object.entries(words).flatMap(([kind, word]) => (text.includes(word) ? [`${kind} in ${name}`] : [])),
  );
}
