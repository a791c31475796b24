import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { choiceOption } from "#cli/parse-options.ts";
import { JOB_NAMES, jobNameSchema } from "#lib/schemas/job.ts";

export function jobRun(parent: Command, cli: Cli): void {
  const command = parent
    .command("run")
    .description("Run a piece of background work now")
    .argument("<name>", JOB_NAMES.join(", "), choiceOption(JOB_NAMES));
  defineCommand(cli, command, async ({ api, print }, text = "") => {
    const name = jobNameSchema.parse(text);
    await api.runJob(name);
    print({ name }, () => `${name} is queued. See how it went: vpn job list`);
  });
}
