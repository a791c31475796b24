import { copyFileSync, existsSync, readdirSync, statSync, truncateSync } from "node:fs";
import { inData } from "#stack/paths.ts";

const LARGEST_BYTES = 50 * 1024 * 1024;

/** Keeps one old copy of a log that grew large. Programs append, so emptying it under them is safe. */
export function rotateLogs(): void {
  const directory = inData("logs");
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory).filter((file) => file.endsWith(".log"))) {
    const path = `${directory}/${name}`;
    if (statSync(path).size < LARGEST_BYTES) continue;
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
  }
}
