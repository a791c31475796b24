import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeUser } from "#cli/output/describe-user.ts";

export function userReset(parent: Command, cli: Cli): void {
  const command = parent.command("reset").description("Set a user's usage back to zero").argument("<name>");
  defineCommand(cli, command, async ({ api, print }, name = "") => {
    print(await api.resetUser(name), (user) => describeUser(cli, user));
  });
}
