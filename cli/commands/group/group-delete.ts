import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { confirmName } from "#cli/output/confirm-name.ts";

export function groupDelete(parent: Command, cli: Cli): void {
  const command = parent
    .command("delete")
    .description("Delete a group; its members stay")
    .argument("<name>")
    .option("--yes", "do not ask");
  defineCommand<{ yes?: true }>(cli, command, async ({ api, options, print }, ref = "") => {
    const { id, name, members } = await api.getGroup(ref);
    if (!options.yes) await confirmName(cli, name, `What it opens or closes to its ${members} members ends.`);
    await api.deleteGroup(id);
    print({ id, name, isDeleted: true }, () => `Deleted ${name}.`);
  });
}
