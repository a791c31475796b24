import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { CliError } from "#cli/cli-error.ts";
import { runStack } from "#cli/run-stack.ts";

/**
 * What acts on this machine itself: `vpn up` and `vpn down` (as `npm run up` and `down`), `vpn owner reset`. With
 * containers ./vpn has handed them to docker/vpn.sh before any Node runs, as it always does with init and upgrade.
 */
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
      .action((flags: string[]) => runStack(cli, [name, ...flags]));
  }
  const containers = [
    ["init", "Set this server up for Docker: images, secrets, certificate, owner (vpn init --help)"],
    [
      "upgrade",
      "Bring the containers to the checkout's version, with a backup and a way back (vpn upgrade --help)",
    ],
  ] as const;
  for (const [name, description] of containers) {
    parent
      .command(name)
      .description(description)
      .argument("[flags...]")
      .allowUnknownOption()
      .helpOption(false)
      .action(() => {
        throw new CliError(`Run it in the checkout on the server: ./vpn ${name}`);
      });
  }
  parent
    .command("owner")
    .description("The owner's account, on this server only")
    .command("reset")
    .description("Give the owner a new password, shown once; all of the owner's sign-ins end")
    .option("--json", "as JSON")
    .action(({ json }: { json?: boolean }) =>
      runStack(cli, ["owner-reset", ...(json === true ? ["--json"] : [])]),
    );
}
