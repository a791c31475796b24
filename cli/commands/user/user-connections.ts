import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { countOption } from "#cli/parse-options.ts";
import { renderTable } from "#cli/table.ts";
import type { Terminal } from "#cli/terminal.ts";
import { formatTime } from "#lib/format-time.ts";
import type { ConnectionHistory } from "#lib/schemas/connection.ts";

type Options = { days?: number };

export function userConnections(parent: Command, cli: Cli): void {
  const command = parent
    .command("connections")
    .description("What a user opened at the doors, was refused, and came from")
    .argument("<name>")
    .option("--days <count>", "how far back (default: 30)", countOption);
  defineCommand<Options>(cli, command, async ({ api, options, print }, name = "") => {
    const history = await api.getConnectionHistory(name, { days: Math.min(options.days ?? 30, 366) });
    print(history, (value) => describeHistory(cli.terminal, value));
  });
}

function describeHistory(terminal: Terminal, { user, from, doors, addresses }: ConnectionHistory): string {
  const head = `${user}, since ${formatTime(from)}`;
  if (doors.length === 0) return `${head}: nothing.`;
  return [
    head,
    renderTable(
      terminal,
      [
        { title: "DOOR", cell: ({ door }) => door },
        { title: "OPENED", cell: ({ opened }) => String(opened), isRight: true },
        {
          title: "MEAN",
          cell: ({ ended, durationSeconds }) =>
            ended === 0 ? "–" : `${(durationSeconds / ended).toFixed(1)} s`,
          isRight: true,
        },
        { title: "REFUSED", cell: ({ refused }) => reasonsOf(refused) },
        { title: "LAST SEEN", cell: ({ lastSeenAt }) => formatTime(lastSeenAt) },
      ],
      doors,
    ),
    "",
    "Came from",
    renderTable(
      terminal,
      [
        { title: "ADDRESS", cell: ({ ip }) => ip },
        { title: "DOOR", cell: ({ door }) => door },
        { title: "LAST SEEN", cell: ({ lastSeenAt }) => formatTime(lastSeenAt) },
      ],
      addresses,
    ),
  ].join("\n");
}

const reasonsOf = (refused: Record<string, number>): string =>
  Object.entries(refused)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(", ") || "–";
