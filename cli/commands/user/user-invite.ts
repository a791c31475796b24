import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { formatTime } from "#lib/format-time.ts";

export function userInvite(parent: Command, cli: Cli): void {
  const command = parent
    .command("invite")
    .description("Make an invite link: sets the panel password, once, within 72 h")
    .argument("<name>");
  defineCommand(cli, command, async ({ api, print }, name = "") => {
    print(
      await api.inviteUser(name),
      (invite) => `${invite.url}\nGood once, until ${formatTime(invite.expiresAt)}.`,
    );
  });
}
