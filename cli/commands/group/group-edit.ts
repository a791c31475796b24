import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { wrongUse } from "#cli/cli-error.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeGroup } from "#cli/output/describe-group.ts";
import { readDestinations } from "#cli/people/read-destinations.ts";

type Options = { note?: string; destinations?: string; name?: string };

export function groupEdit(parent: Command, cli: Cli): void {
  const command = parent
    .command("edit")
    .description("Change a group; what is not named stays as it is")
    .argument("<name>")
    .option("--note <text>")
    .option("--destinations <file>", "JSON: where members may go through the proxies; - is stdin")
    .option("--name <name>", "call it so from now on");
  defineCommand<Options>(cli, command, async ({ api, options, print }, ref = "") => {
    const { note, destinations, name } = options;
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(note === undefined ? {} : { note }),
      ...(destinations === undefined ? {} : { destinations: await readDestinations(cli, destinations) }),
    };
    if (Object.keys(change).length === 0)
      throw wrongUse("Say what to change, like --note 'on holiday'. See: vpn group edit --help");
    print(await api.updateGroup(ref, change), (group) => describeGroup(cli, group));
  });
}
