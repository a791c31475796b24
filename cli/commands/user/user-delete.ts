import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { confirmName } from "#cli/output/confirm-name.ts";

export function userDelete(parent: Command, cli: Cli): void {
  const command = parent
    .command("delete")
    .description("Delete a user with all secrets and usage")
    .argument("<name>")
    .option("--yes", "do not ask");
  defineCommand<{ yes?: true }>(cli, command, async ({ api, options, print }, ref = "") => {
    const { id, name } = await api.getUser(ref);
    if (!options.yes) await confirmName(cli, name, "This cannot be undone.");
    await api.deleteUser(id);
    print({ id, name, isDeleted: true }, () => `Deleted ${name}.`);
  });
}
