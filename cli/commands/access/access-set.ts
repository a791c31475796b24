import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { wrongUse } from "#cli/cli-error.ts";
import { readText } from "#cli/connection/read-stack.ts";
import { defineCommand } from "#cli/define-command.ts";
import { updateAccessPolicyInputSchema } from "#lib/schemas/access.ts";
import { describePolicy } from "./access-list.ts";

const rulesSchema = updateAccessPolicyInputSchema.shape.rules;

export function accessSet(parent: Command, cli: Cli): void {
  const command = parent
    .command("set")
    .description("Replace the access rules; the old ones are kept as a version")
    .argument("<file>", "JSON: a list of rules, or what vpn access list --json printed; - is stdin");
  defineCommand(cli, command, async ({ api, print }, file = "") => {
    const text = file === "-" ? await cli.terminal.readInput() : readText(file, "The access rules");
    const { rules, version } = readRules(text);
    // A list without a version means what is in force now, whatever it is.
    const since = version ?? (await api.getAccessPolicy()).version;
    print(await api.updateAccessPolicy({ rules, version: since }), (policy) => describePolicy(cli, policy));
  });
}

function readRules(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrongUse('That is not JSON. Write it like [{"host":"wiki.example.org","policy":"any_user"}].');
  }
  const whole = value as { rules?: unknown; version?: unknown };
  const parsed = rulesSchema.safeParse(Array.isArray(value) ? value : whole.rules);
  if (parsed.success)
    return { rules: parsed.data, version: typeof whole.version === "number" ? whole.version : null };
  const [issue] = parsed.error.issues;
  throw wrongUse(`Rule ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not understood."}`);
}
