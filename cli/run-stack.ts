import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Cli } from "./cli.ts";
import { CliError } from "./cli-error.ts";

/** Runs one of the launcher's commands (`up`, `down`, `join`, …) in this terminal; its exit code becomes ours. */
export function runStack({ rootDir }: Cli, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(rootDir, "stack/bootstrap.mjs"), ...args], {
      stdio: "inherit",
    });
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    process.on("SIGINT", forward);
    process.on("SIGTERM", forward);
    child.on("error", (error) => reject(new CliError(`${args[0]} could not be started: ${error.message}`)));
    child.on("exit", (code) => {
      if (code !== 0) process.exitCode = code ?? 1;
      resolve();
    });
  });
}
