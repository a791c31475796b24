import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeSecrets } from "#cli/output/describe-user.ts";

export function userLinks(parent: Command, cli: Cli): void {
  const command = parent
    .command("links")
    .description("Show a user's links and passwords (goes into the audit log)")
    .argument("<name>");
  defineCommand(cli, command, async ({ api, print }, name = "") => {
    print(await api.getUserLinks(name), (user) => describeSecrets(cli, user));
  });
}
