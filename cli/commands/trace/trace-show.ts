import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { renderTable } from "#cli/table.ts";
import { formatMeasure } from "#lib/format-measure.ts";
import type { Trace } from "#lib/schemas/trace.ts";

export function traceShow(parent: Command, cli: Cli): void {
  const command = parent
    .command("show")
    .description("Show one trace step by step")
    .argument("<id>", "its id, as vpn trace list and every log line have it");
  defineCommand(cli, command, async ({ api, print }, id = "") => {
    print(await api.getTrace(id), (trace) => describeTrace(cli, trace));
  });
}

function describeTrace(cli: Cli, trace: Trace): string {
  const table = renderTable(
    cli.terminal,
    [
      { title: "STEP", cell: ({ depth, name }) => `${"  ".repeat(depth)}${name}` },
      { title: "PROGRAM", cell: ({ program }) => program },
      {
        title: "AFTER",
        cell: ({ startMs }) => formatMeasure("seconds", startMs / 1_000),
        isRight: true,
        dropOrder: 1,
      },
      {
        title: "TOOK",
        cell: ({ milliseconds }) => formatMeasure("seconds", milliseconds / 1_000),
        isRight: true,
      },
      { title: "", cell: ({ hasError }) => (hasError ? "failed" : ""), style: () => "red" },
    ],
    trace.tree,
  );
  return `${trace.name}, ${trace.at}\n\n${table}\n\nIts log lines: vpn logs --trace-id ${trace.id}`;
}
