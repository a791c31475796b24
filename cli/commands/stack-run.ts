import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { CliError } from "#cli/cli-error.ts";

/** What acts on this machine itself: `vpn up` and `vpn down` (as `npm run up` and `down`), `vpn owner reset`. */
export function stackRun(parent: Command, cli: Cli): void {
  const commands = [
    ["up", "Start everything here and wait until it works (flags as npm run up)"],
    ["down", "Stop everything here"],
  ] as const;
  for (const [name, description] of commands) {
    parent
      .command(name)
      .description(description)
      .argument("[flags...]")
      .allowUnknownOption()
      .helpOption(false)
      .action((flags: string[]) => run(cli, [name, ...flags]));
  }
  parent
    .command("owner")
    .description("The owner's account, on this server only")
    .command("reset")
    .description("Give the owner a new password, shown once; all of the owner's sign-ins end")
    .option("--json", "as JSON")
    .action(({ json }: { json?: boolean }) =>
      run(cli, ["owner-reset", ...(json === true ? ["--json"] : [])]),
    );
}

function run(cli: Cli, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(cli.rootDir, "stack/bootstrap.mjs"), ...args], {
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
