import type { Cli } from "#cli/cli.ts";
import { wrongUse } from "#cli/cli-error.ts";
import { readText } from "#cli/connection/read-stack.ts";
import { type Destinations, destinationsSchema } from "#lib/schemas/group.ts";

/** A group's destinations as `vpn group show --json` has them, from a file or stdin (-). */
export async function readDestinations(cli: Cli, file: string): Promise<Destinations> {
  const text = file === "-" ? await cli.terminal.readInput() : readText(file, "The destinations");
  const how = 'like {"otherwise":"deny","rules":[{"action":"allow","target":"*.example.org","ports":"443"}]}';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrongUse(`That is not JSON. Write it ${how}.`);
  }
  const parsed = destinationsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrongUse(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not understood"} Write it ${how}.`);
}
