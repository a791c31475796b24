import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { renderTable } from "#cli/table.ts";
import { clean, paint, type Terminal } from "#cli/terminal.ts";
import { METERED_DOORS } from "#lib/doors.ts";
import { formatBytes } from "#lib/format-bytes.ts";
import { formatTime } from "#lib/format-time.ts";
import type { Status } from "#lib/schemas/status.ts";

export function status(parent: Command, cli: Cli): void {
  const command = parent
    .command("status")
    .description("Is everything well? Programs, people, traffic, notices");
  defineCommand(cli, command, async ({ api, print }) => {
    print(await api.getStatus(), (value) => describeStatus(cli.terminal, value));
  });
}

function describeStatus(terminal: Terminal, value: Status): string {
  const title = (text: string) => `\n${paint(terminal, "bold", text)}`;
  const down = value.programs.filter((program) => !program.isUp);
  const summary =
    down.length === 0
      ? paint(terminal, "green", `all ${value.programs.length} programs are up`)
      : paint(terminal, "red", `down: ${down.map((program) => program.name).join(", ")}`);
  const lines = [`Causeway ${value.version} · ${formatTime(value.at)} · ${summary}`];
  lines.push(title("Programs"));
  lines.push(
    renderTable(
      terminal,
      [
        { title: "NAME", cell: (program) => program.name },
        {
          title: "STATE",
          cell: (program) => (program.isUp ? "up" : "down"),
          style: (program) => (program.isUp ? "green" : "red"),
        },
        { title: "", cell: (program) => program.detail ?? "" },
      ],
      value.programs,
    ),
  );
  lines.push(title("People"), describePeople(value.users));
  lines.push(title("Traffic today (since midnight UTC)"));
  lines.push(
    renderTable(
      terminal,
      [
        { title: "DOOR", cell: (door) => door },
        { title: "UP", cell: (door) => formatBytes(value.today[door].upBytes), isRight: true },
        { title: "DOWN", cell: (door) => formatBytes(value.today[door].downBytes), isRight: true },
      ],
      METERED_DOORS,
    ),
  );
  if (value.notices.length > 0) {
    lines.push(title("Notices"));
    lines.push(...value.notices.map((notice) => paint(terminal, "yellow", `! ${clean(notice)}`)));
  }
  return lines.join("\n");
}

function describePeople(users: Status["users"]): string {
  const kinds = [
    ["active", users.active],
    ["disabled", users.disabled],
    ["over their limit", users.limited],
    ["expired", users.expired],
    ["on hold", users.onHold],
  ] as const;
  const parts = kinds.filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${kind}`);
  return `${users.online} online · ${users.total} in all${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}
