import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { confirmName } from "#cli/output/confirm-name.ts";

export function nodeRemove(parent: Command, cli: Cli): void {
  const command = parent
    .command("remove")
    .description("Take a node out: its links go, its connections end, its certificate is revoked")
    .argument("<name>")
    .option("--yes", "do not ask");
  defineCommand<{ yes?: true }>(cli, command, async ({ api, options, print }, ref = "") => {
    const { id, name } = await api.getNode(ref);
    if (!options.yes) await confirmName(cli, name, `Everybody on ${name} is cut off.`);
    await api.removeNode(id);
    print({ id, name, isRemoved: true }, () =>
      [
        `Removed ${name}: its links are gone, and the controller empties it.`,
        `On its machine: npm run down`,
      ].join("\n"),
    );
  });
}
