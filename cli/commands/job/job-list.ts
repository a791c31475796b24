import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { type Column, renderTable } from "#cli/table.ts";
import { formatMeasure } from "#lib/format-measure.ts";
import { formatRelativeTime } from "#lib/format-time.ts";
import type { Job } from "#lib/schemas/job.ts";

export function jobList(parent: Command, cli: Cli): void {
  const command = parent
    .command("list")
    .alias("ls")
    .description("List background work, and how each went last");
  defineCommand(cli, command, async ({ api, print }) => {
    print(await api.listJobs(), ({ items }) => renderTable(cli.terminal, columns(cli), items));
  });
}

const columns = (cli: Cli): Column<Job>[] => [
  { title: "NAME", cell: ({ name }) => name },
  { title: "EVERY", cell: ({ everySeconds }) => `${everySeconds / 60} min`, isRight: true, dropOrder: 1 },
  {
    title: "NEXT",
    cell: ({ nextRunAt, isUnderWay }) =>
      isUnderWay ? "now" : nextRunAt === null ? "" : formatRelativeTime(nextRunAt, cli.now()),
  },
  {
    title: "LAST",
    cell: ({ lastRun }) => (lastRun === null ? "never" : formatRelativeTime(lastRun.at, cli.now())),
  },
  {
    title: "TOOK",
    cell: ({ lastRun }) => (lastRun === null ? "" : formatMeasure("seconds", lastRun.seconds)),
    isRight: true,
    dropOrder: 2,
  },
  { title: "ERROR", cell: ({ lastRun }) => lastRun?.error ?? "", style: () => "red" },
];
