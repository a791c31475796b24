import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeGroup } from "#cli/output/describe-group.ts";
import { schemaOption } from "#cli/parse-options.ts";
import { readDestinations } from "#cli/people/read-destinations.ts";
import { groupNameSchema } from "#lib/schemas/group.ts";

type Options = { note?: string; destinations?: string };

export function groupAdd(parent: Command, cli: Cli): void {
  const command = parent
    .command("add")
    .description("Make a group")
    .argument("<name>", "a–z, 0–9, dot, dash, underscore", schemaOption(groupNameSchema))
    .option("--note <text>")
    .option("--destinations <file>", "JSON: where members may go through the proxies; - is stdin");
  defineCommand<Options>(cli, command, async ({ api, options, print }, ref = "") => {
    const { note, destinations } = options;
    const change = {
      ...(note === undefined ? {} : { note }),
      ...(destinations === undefined ? {} : { destinations: await readDestinations(cli, destinations) }),
    };
    print(await api.createGroup({ name: ref, ...change }), (group) => describeGroup(cli, group));
  });
}
