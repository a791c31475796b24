import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { definePersonal } from "#cli/define-command.ts";
import { renderTable } from "#cli/table.ts";
import { formatRelativeTime } from "#lib/format-time.ts";

export function sessionList(parent: Command, cli: Cli): void {
  const command = parent.command("list").alias("ls").description("List your own sign-ins on the panel");
  definePersonal(cli, command, async ({ api, print }) => {
    print(await api.listSessions(), ({ items }) =>
      items.length === 0
        ? "You are signed in nowhere."
        : renderTable(
            cli.terminal,
            [
              { title: "FROM", cell: (session) => session.ip },
              { title: "SEEN", cell: (session) => formatRelativeTime(session.lastSeenAt, cli.now()) },
              {
                title: "SINCE",
                cell: (session) => formatRelativeTime(session.createdAt, cli.now()),
                dropOrder: 1,
              },
              { title: "ID", cell: (session) => session.id },
              { title: "WITH", cell: (session) => session.userAgent, dropOrder: 2 },
            ],
            items,
          ),
    );
  });
}
