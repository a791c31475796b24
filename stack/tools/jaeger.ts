import { chmodSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "#stack/paths.ts";
import { PINS } from "#stack/pins.ts";
import { runCommand } from "#stack/run-command.ts";
import { cached } from "#stack/tools/cache.ts";
import { findGo } from "#stack/tools/go.ts";

/**
 * Jaeger's go.mod replaces a module, so `go install` refuses it: our own module (stack/tools/jaeger) repeats its
 * requirements, and its go.sum has what the checksum database lacks.
 */
export function buildJaeger(): Promise<string> {
  const { version, package: main } = PINS.jaeger;
  const what = `Building Jaeger ${version} with Go (about three minutes, once)`;
  return cached(`jaeger-${version}`, "jaeger", what, async (directory) => {
    const binary = join(directory, "jaeger");
    const args = ["build", "-trimpath", "-ldflags=-s -w", "-o", binary, main];
    await runCommand(await findGo(), args, "Building Jaeger", {
      env: { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" },
      cwd: join(ROOT, "stack/tools/jaeger"),
    });
    chmodSync(binary, 0o755);
  });
}
