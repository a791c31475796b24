import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeNode } from "#cli/output/describe-node.ts";

export function nodeShow(parent: Command, cli: Cli): void {
  const command = parent.command("show").description("Show a node").argument("<name>");
  defineCommand(cli, command, async ({ api, print }, name = "") => {
    print(await api.getNode(name), (node) => describeNode(cli, node));
  });
}
