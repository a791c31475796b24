import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PINS } from "#stack/pins.ts";
import { runCommand } from "#stack/run-command.ts";
import { cached } from "#stack/tools/cache.ts";
import { findGo } from "#stack/tools/go.ts";

/** The compose plugin, where the distribution has none; for tests on a real engine. */
export function buildDockerCompose(): Promise<string> {
  const { version, module, moduleVersion } = PINS["docker-compose"];
  const what = `Building docker-compose ${version} with Go (one to two minutes)`;
  return cached(`docker-compose-${version}`, "docker-compose", what, async (directory) => {
    const go = await findGo();
    const env = { CGO_ENABLED: "0", GOFLAGS: "" };
    const args = ["mod", "download", "-json", `${module}@${moduleVersion}`];
    const { stdout } = await runCommand(go, args, "Downloading docker-compose", { cwd: directory, env });
    const { Dir } = z.object({ Dir: z.string() }).parse(JSON.parse(stdout));
    const source = join(directory, "source");
    await runCommand("cp", ["-r", Dir, source], "Copying docker-compose");
    await runCommand("chmod", ["-R", "u+w", source], "Copying docker-compose");
    const flags = `-s -w -X ${module}/internal.Version=${moduleVersion}`;
    const build = ["build", "-trimpath", `-ldflags=${flags}`, "-o", join(directory, "built"), "./cmd"];
    await runCommand(go, build, "Building docker-compose", { cwd: source, env });
    renameSync(join(directory, "built"), join(directory, "docker-compose"));
    rmSync(source, { recursive: true, force: true });
  });
}
