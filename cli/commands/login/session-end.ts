import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { definePersonal } from "#cli/define-command.ts";

export function sessionEnd(parent: Command, cli: Cli): void {
  const command = parent
    .command("end")
    .description("End one of your own sign-ins")
    .argument("<id>", "from vpn session list");
  definePersonal(cli, command, async ({ api, print }, id = "") => {
    await api.revokeSession(id);
    print({ id, isEnded: true }, () => "Ended.");
  });
}
