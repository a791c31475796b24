import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { CliError, wrongUse } from "#cli/cli-error.ts";
import { defineCommand } from "#cli/define-command.ts";

export function userDelete(parent: Command, cli: Cli): void {
  const command = parent
    .command("delete")
    .description("Delete a user with all secrets and usage")
    .argument("<name>")
    .option("--yes", "do not ask");
  defineCommand<{ yes?: true }>(cli, command, async ({ api, options, print }, ref = "") => {
    const { id, name } = await api.getUser(ref);
    if (!options.yes) await confirm(cli, name);
    await api.deleteUser(id);
    print({ id, name, isDeleted: true }, () => `Deleted ${name}.`);
  });
}

async function confirm(cli: Cli, name: string): Promise<void> {
  const { ask } = cli.terminal;
  if (ask === null) throw wrongUse(`Nobody is there to ask. Add --yes to delete ${name}.`);
  const answer = await ask(`This cannot be undone. Type ${name} to delete it: `);
  if (answer.trim() !== name) throw new CliError("Nothing was deleted: the name was not typed.");
}
