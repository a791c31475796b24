import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { renderTable } from "#cli/table.ts";
import { formatTime } from "#lib/format-time.ts";
import type { AccessPolicy } from "#lib/schemas/access.ts";

export function accessList(parent: Command, cli: Cli): void {
  const command = parent
    .command("list")
    .alias("ls")
    .description("Who may see which site behind the sign-in; the first rule that matches decides");
  defineCommand(cli, command, async ({ api, print }) => {
    print(await api.getAccessPolicy(), (policy) => describePolicy(cli, policy));
  });
}

export function describePolicy(
  { terminal }: Cli,
  { version, rules, changedAt, changedBy }: AccessPolicy,
): string {
  const by =
    changedAt === null ? "as installed" : `of ${formatTime(changedAt)}, by ${changedBy ?? "somebody"}`;
  const table = renderTable(
    terminal,
    [
      { title: "#", cell: (rule) => String(rules.indexOf(rule) + 1), isRight: true },
      { title: "HOST", cell: (rule) => rule.host },
      { title: "PATH", cell: (rule) => rule.path },
      { title: "WHO", cell: (rule) => [rule.policy, ...rule.roles, ...rule.groups].join(" ") },
      { title: "NOTE", cell: (rule) => rule.note, dropOrder: 1 },
    ],
    rules,
  );
  return `Version ${version}, ${by}. What no rule opens is closed.\n\n${table}`;
}
