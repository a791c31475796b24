import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { renderTable } from "#cli/table.ts";

export function groupList(parent: Command, cli: Cli): void {
  const command = parent.command("list").alias("ls").description("List groups");
  defineCommand(cli, command, async ({ api, print }) => {
    print(await api.listGroups(), ({ items }) =>
      items.length === 0
        ? "No group yet. Make one with: vpn group add NAME"
        : renderTable(
            cli.terminal,
            [
              { title: "NAME", cell: (group) => group.name },
              { title: "MEMBERS", cell: (group) => String(group.members), isRight: true },
              { title: "RULES", cell: (group) => String(group.destinations.rules.length), isRight: true },
              { title: "OTHERWISE", cell: (group) => group.destinations.otherwise, dropOrder: 2 },
              { title: "NOTE", cell: (group) => group.note, dropOrder: 1 },
            ],
            items,
          ),
    );
  });
}
