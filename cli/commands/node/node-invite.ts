import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeInvite } from "#cli/output/describe-invite.ts";

export function nodeInvite(parent: Command, cli: Cli): void {
  const command = parent
    .command("invite")
    .description("A new join line for a node that has not come, or whose machine is replaced")
    .argument("<name>");
  defineCommand(cli, command, async ({ api, print }, name = "") => {
    const node = await api.getNode(name);
    const invite = await api.inviteNode(node.id);
    print({ node, invite }, () => describeInvite(cli, node, invite));
  });
}
