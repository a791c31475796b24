import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { definePersonal } from "#cli/define-command.ts";
import { renderTable } from "#cli/table.ts";
import { formatRelativeTime } from "#lib/format-time.ts";

export function tokenList(parent: Command, cli: Cli): void {
  const command = parent.command("list").alias("ls").description("List your own API tokens");
  definePersonal(cli, command, async ({ api, print }) => {
    const ago = (time: string | null, none: string) =>
      time === null ? none : formatRelativeTime(time, cli.now());
    print(await api.listTokens(), ({ items }) =>
      items.length === 0
        ? "You have no API token. Make one with: vpn token create NAME"
        : renderTable(
            cli.terminal,
            [
              { title: "NAME", cell: (token) => token.name },
              { title: "SCOPES", cell: (token) => token.scopes.join(","), dropOrder: 1 },
              { title: "USED", cell: (token) => ago(token.lastUsedAt, "never"), dropOrder: 2 },
              { title: "ENDS", cell: (token) => ago(token.expiresAt, "never") },
              { title: "MADE", cell: (token) => ago(token.createdAt, ""), dropOrder: 3 },
              { title: "ID", cell: (token) => token.id, dropOrder: 4 },
            ],
            items,
          ),
    );
  });
}
