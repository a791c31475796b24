import type { Cli } from "#cli/cli.ts";
import { CliError, wrongUse } from "#cli/cli-error.ts";

/** What cannot be undone wants the name typed; without a person there, --yes. */
export async function confirmName({ terminal }: Cli, name: string, consequence: string): Promise<void> {
  if (terminal.ask === null)
    throw wrongUse(`Nobody is there to ask. ${consequence} Add --yes to go on with ${name}.`);
  const answer = await terminal.ask(`${consequence} Type ${name} to go on: `);
  if (answer.trim() !== name) throw new CliError("Nothing was changed: the name was not typed.");
}
