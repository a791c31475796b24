import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { QuietExit } from "#cli/cli-error.ts";
import { defineCommand } from "#cli/define-command.ts";
import { secondsOption } from "#cli/parse-options.ts";
import { describeStatus } from "#cli/status/describe-status.ts";
import { gatherStatus } from "#cli/status/gather-status.ts";
import type { StatusReport } from "#cli/status/status-report.ts";

const EVERY_SECONDS = 2;

export function status(parent: Command, cli: Cli, version: string): void {
  const command = parent
    .command("status")
    .description("Is everything well? Programs, people, traffic, nodes, and what to do")
    .option(
      "-w, --watch [seconds]",
      `again every so many seconds (default: ${EVERY_SECONDS})`,
      secondsOption,
    );
  defineCommand<{ watch?: number | true }>(cli, command, async ({ api, options, print }) => {
    const { watch } = options;
    for (;;) {
      const report = await gatherStatus(cli, api, version);
      if (watch !== undefined && !options.json) cli.terminal.clear?.();
      if (options.json) print(toJson(report), () => "");
      else print(report, (value) => describeStatus(cli.terminal, value, cli.now()));
      if (watch === undefined) {
        if (!report.isWell) throw new QuietExit(3);
        return;
      }
      await sleep((watch === true ? EVERY_SECONDS : watch) * 1_000);
    }
  });
}

/** What `GET /status` answers, with what this machine knows beside it. */
function toJson({ status, programs, ...rest }: StatusReport) {
  return {
    ...status,
    ...rest,
    programs: programs.map((program) => ({ ...program, isUp: program.state === "up" })),
  };
}
