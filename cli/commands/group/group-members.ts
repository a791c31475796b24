import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { wrongUse } from "#cli/cli-error.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeGroup } from "#cli/output/describe-group.ts";
import { listOption } from "#cli/parse-options.ts";

type Options = { add?: string[]; remove?: string[] };

export function groupMembers(parent: Command, cli: Cli): void {
  const command = parent
    .command("members")
    .description("Put users into a group, take others out")
    .argument("<name>")
    .option("--add <users>", "names, separated by commas", listOption)
    .option("--remove <users>", "names, separated by commas", listOption);
  defineCommand<Options>(cli, command, async ({ api, options, print }, ref = "") => {
    const { add = [], remove = [] } = options;
    if (add.length + remove.length === 0)
      throw wrongUse("Say who, like: vpn group members staff --add ada,bob");
    print(await api.changeGroupMembers(ref, { add, remove }), (group) => describeGroup(cli, group));
  });
}
