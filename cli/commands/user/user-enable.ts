import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeUser } from "#cli/output/describe-user.ts";

export function userEnable(parent: Command, cli: Cli): void {
  const command = parent
    .command("enable")
    .description("Open the doors to a disabled user again")
    .argument("<name>");
  defineCommand(cli, command, async ({ api, print }, name = "") => {
    print(await api.enableUser(name), (user) => describeUser(cli, user));
  });
}
