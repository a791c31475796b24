import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeUser } from "#cli/output/describe-user.ts";

export function userDisable(parent: Command, cli: Cli): void {
  const command = parent
    .command("disable")
    .description("Close all doors to a user and end live connections")
    .argument("<name>");
  defineCommand(cli, command, async ({ api, print }, name = "") => {
    print(await api.disableUser(name), (user) => {
      const ended = user.endedConnections ?? 0;
      const words = ended === 0 ? "" : ` · ${ended} connection${ended === 1 ? "" : "s"} ended`;
      return `${describeUser(cli, user)}${words}`;
    });
  });
}
