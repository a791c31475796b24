import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeUserFully } from "#cli/output/describe-user.ts";

export function userShow(parent: Command, cli: Cli): void {
  const command = parent.command("show").description("Show a user, without secrets").argument("<name>");
  defineCommand(cli, command, async ({ api, print }, name = "") => {
    print(await api.getUser(name), (user) => describeUserFully(cli, user));
  });
}
