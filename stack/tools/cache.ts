import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CACHE } from "#stack/paths.ts";
import { step } from "#stack/progress.ts";

/**
 * Path of `file` in the cache directory `<tool>-<version>`; builds it first when it is not there, in a directory
 * beside it that is then renamed, so that a half-built tool is never used.
 */
export async function cached(
  key: string,
  file: string,
  what: string,
  build: (directory: string) => Promise<void>,
): Promise<string> {
  const home = join(CACHE, key);
  const path = join(home, file);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true, mode: 0o755 });
  const temporary = mkdtempSync(join(CACHE, `.${key}-`));
  try {
    await step(what, () => build(temporary));
    rmSync(home, { recursive: true, force: true });
    renameSync(temporary, home);
  } catch (error) {
    // Somebody else was faster.
    if (existsSync(path)) return path;
    throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return path;
}
