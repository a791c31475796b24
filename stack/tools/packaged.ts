import { type AptTool, PINS } from "#stack/pins.ts";
import { tryCommand } from "#stack/run-command.ts";
import { StackError } from "#stack/stack-error.ts";
import { aptInstall } from "#stack/tools/apt.ts";
import { isAtLeast } from "#stack/tools/version.ts";

/** A program from PATH, or installed from the distribution. Answers its absolute path. */
export async function findPackaged(tool: AptTool): Promise<string> {
  const pin = PINS.apt[tool];
  let path = await which(tool);
  if (path === null) {
    await aptInstall([pin.package], tool);
    path = await which(tool);
  }
  if (path === null)
    throw new StackError(`${tool} was installed but is not on PATH. Add its directory to PATH.`);
  const version = await tryCommand(path, ["--version"]);
  const text = `${version.stdout}${version.stderr}`;
  if (!isAtLeast(text, pin.minimum))
    throw new StackError(`${path} is older than ${pin.minimum}. Install a newer ${pin.package}.`);
  return path;
}

async function which(name: string): Promise<string | null> {
  const result = await tryCommand("sh", ["-c", `command -v ${name}`]);
  return result.code === 0 ? result.stdout.trim() : null;
}
