import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { wrongUse } from "#cli/cli-error.ts";
import { defineCommand } from "#cli/define-command.ts";
import { countOption, timeOption } from "#cli/parse-options.ts";
import { renderTable } from "#cli/table.ts";
import type { Terminal } from "#cli/terminal.ts";
import { METERED_DOORS } from "#lib/doors.ts";
import { formatBytes } from "#lib/format-bytes.ts";
import { formatTime } from "#lib/format-time.ts";
import type { Usage } from "#lib/schemas/usage.ts";

type Options = { user?: string; from?: string; to?: string; max?: number };

export function usage(parent: Command, cli: Cli): void {
  const command = parent
    .command("usage")
    .description("Traffic of one user, or of everyone today and who used most")
    .option("--user <name>", "default period: since the last reset")
    .option("--from <time>", "like 2026-12-01 or 2026-12-01T18:00Z", timeOption)
    .option("--to <time>", "default: now", timeOption)
    .option("--max <count>", "how many users (default: 10)", countOption);
  defineCommand<Options>(cli, command, async ({ api, options, print }) => {
    const { user, from, to } = options;
    if (user !== undefined) {
      const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      print(await api.getUsage(user, period), (value) => describeUsage(cli.terminal, value));
      return;
    }
    if (from !== undefined || to !== undefined) throw wrongUse("--from and --to go with --user NAME.");
    const limit = Math.min(options.max ?? 10, 200);
    const [{ today }, page] = await Promise.all([
      api.getStatus(),
      api.listUsers({ sort: "usedBytes", order: "desc", limit }),
    ]);
    const users = page.items.map(({ name, usedBytes, limitBytes }) => ({ name, usedBytes, limitBytes }));
    print({ today, users }, (value) =>
      [
        "Today, everyone (since midnight UTC)",
        doorTable(cli.terminal, value.today),
        "",
        "Who used most since their last reset",
        renderTable(
          cli.terminal,
          [
            { title: "NAME", cell: (row) => row.name },
            { title: "USED", cell: (row) => formatBytes(row.usedBytes), isRight: true },
            {
              title: "LIMIT",
              cell: (row) => (row.limitBytes === null ? "–" : formatBytes(row.limitBytes)),
              isRight: true,
            },
          ],
          value.users,
        ),
      ].join("\n"),
    );
  });
}

function describeUsage(terminal: Terminal, value: Usage): string {
  return [
    `${value.user}, ${formatTime(value.from)} to ${formatTime(value.to)}`,
    doorTable(terminal, value.doors),
    `Total ${formatBytes(value.totalBytes)} (${value.totalBytes} bytes)`,
  ].join("\n");
}

function doorTable(terminal: Terminal, doors: Usage["doors"]): string {
  return renderTable(
    terminal,
    [
      { title: "DOOR", cell: (door) => door },
      { title: "UP", cell: (door) => formatBytes(doors[door].upBytes), isRight: true },
      { title: "DOWN", cell: (door) => formatBytes(doors[door].downBytes), isRight: true },
    ],
    METERED_DOORS,
  );
}
