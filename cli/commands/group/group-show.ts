import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeGroup } from "#cli/output/describe-group.ts";

export function groupShow(parent: Command, cli: Cli): void {
  const command = parent
    .command("show")
    .description("Show a group and where its members may go through the proxies")
    .argument("<name>");
  defineCommand(cli, command, async ({ api, print }, name = "") => {
    print(await api.getGroup(name), (group) => describeGroup(cli, group));
  });
}
