import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { choiceOption, countOption, millisecondsOption } from "#cli/parse-options.ts";
import { renderTable } from "#cli/table.ts";
import { formatMeasure } from "#lib/format-measure.ts";
import { formatRelativeTime } from "#lib/format-time.ts";
import type { TraceQuery } from "#lib/schemas/trace.ts";
import { TRACED_PROGRAMS } from "#lib/traced-programs.ts";

type Options = { program?: TraceQuery["program"]; slower?: number; failed?: true; limit?: number };

export function traceList(parent: Command, cli: Cli): void {
  const command = parent
    .command("list")
    .alias("ls")
    .description("List recent requests that were traced, newest first")
    .option("--program <name>", `only through ${TRACED_PROGRAMS.join(", ")}`, choiceOption(TRACED_PROGRAMS))
    .option("--slower <duration>", "only with a step there that took as long: 200ms, 1s", millisecondsOption)
    .option("--failed", "only where something failed")
    .option("--limit <count>", "how many at most, up to 100", countOption);
  defineCommand<Options>(cli, command, async ({ api, options, print }) => {
    const query: TraceQuery = {
      ...(options.program === undefined ? {} : { program: options.program }),
      ...(options.slower === undefined ? {} : { minMs: options.slower }),
      ...(options.failed ? { errors: "1" as const } : {}),
      ...(options.limit === undefined ? {} : { limit: Math.min(options.limit, 100) }),
    };
    print(await api.listTraces(query), ({ items, isConfigured }) => {
      if (!isConfigured) return "Tracing is off here. Turn it on with: npm run up -- --with jaeger";
      if (items.length === 0) return "No recent trace matches.";
      return renderTable(
        cli.terminal,
        [
          { title: "WHAT", cell: (trace) => trace.name },
          {
            title: "TOOK",
            cell: (trace) => formatMeasure("seconds", trace.milliseconds / 1_000),
            isRight: true,
          },
          { title: "FAILED", cell: (trace) => (trace.hasError ? "failed" : ""), style: () => "red" },
          { title: "WHEN", cell: (trace) => formatRelativeTime(trace.at, cli.now()), dropOrder: 1 },
          { title: "THROUGH", cell: (trace) => trace.programs.join(" → "), dropOrder: 2 },
          { title: "ID", cell: (trace) => trace.id },
        ],
        items,
      );
    });
  });
}
