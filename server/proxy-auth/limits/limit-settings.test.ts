import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { ProgramEnv } from "#server/env.ts";
import { limitSettings } from "./limit-settings.ts";

const env = { DOORS_MAX_TUNNELS: 20_000 } as ProgramEnv<"proxy-auth">;

it("a process never takes more tunnels than it may have files for, and one user a fifth of what is set", () => {
  expect(limitSettings(env, 1_048_576)).toMatchObject({ maxTunnels: 20_000, maxTunnelsOfOne: 4_000 });
  expect(limitSettings(env, 20_000)).toMatchObject({ maxTunnels: 9_090, maxTunnelsOfOne: 4_000 });
  expect(limitSettings(env, Number.POSITIVE_INFINITY).maxTunnels).toBe(20_000);
});

it.skipIf(process.platform !== "linux")("reads what the kernel allows this process", async () => {
  const script = `import { limitSettings } from ${JSON.stringify(import.meta.resolve("./limit-settings.ts"))};
    console.log(limitSettings({ DOORS_MAX_TUNNELS: 20000 }).maxTunnels);`;
  const command = `ulimit -n 4410; exec "$0" --input-type=module -e "$1"`;
  const { stdout } = await promisify(execFile)("sh", ["-c", command, process.execPath, script]);
  expect(stdout.trim()).toBe("2004");
});
