import type { Command } from "commander";
import type { z } from "zod";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { countOption } from "#cli/parse-options.ts";
import { type Column, renderTable } from "#cli/table.ts";
import { formatTime } from "#lib/format-time.ts";
import type { auditEntrySchema } from "#lib/schemas/status.ts";

type Entry = z.infer<typeof auditEntrySchema>;
type Options = { user?: string; max?: number; cursor?: string };
const PAGE = 200;

export function audit(parent: Command, cli: Cli): void {
  const command = parent
    .command("audit")
    .description("Who did what, the newest first")
    .option("--user <name>", "only what was done by or to this user")
    .option("--max <count>", "how many entries (default: 50)", countOption)
    .option("--cursor <cursor>", "go on where nextCursor of --json pointed");
  defineCommand<Options>(cli, command, async ({ api, options, print }) => {
    const max = options.max ?? 50;
    const items: Entry[] = [];
    let cursor = options.cursor ?? null;
    do {
      const page = await api.listAudit({
        limit: Math.min(PAGE, max - items.length),
        ...(options.user === undefined ? {} : { user: options.user }),
        ...(cursor === null ? {} : { cursor }),
      });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null && items.length < max);
    print({ items, nextCursor: cursor }, (value) =>
      value.items.length === 0 ? "Nothing was recorded." : renderTable(cli.terminal, columns, value.items),
    );
  });
}

const columns: Column<Entry>[] = [
  { title: "TIME", cell: (entry) => formatTime(entry.at) },
  { title: "WHO", cell: (entry) => entry.actor },
  { title: "DID", cell: (entry) => entry.action },
  { title: "TO", cell: (entry) => entry.targetName ?? entry.targetKind },
  { title: "FROM", cell: (entry) => entry.ip ?? "", dropOrder: 2 },
  {
    title: "DETAILS",
    cell: (entry) => (Object.keys(entry.details).length === 0 ? "" : JSON.stringify(entry.details)),
    dropOrder: 1,
  },
];
