import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { CliError, wrongUse } from "#cli/cli-error.ts";
import { followFile } from "#cli/follow-file.ts";
import { formatLogLine } from "#cli/format-log-line.ts";
import { countOption } from "#cli/parse-options.ts";

type Options = { follow?: true; lines?: number; json?: true };

export function logs(parent: Command, cli: Cli): void {
  parent
    .command("logs")
    .description("Show what a program logged")
    .argument("<program>", "like web, controller, proxy-auth, node-agent, traefik")
    .option("-f, --follow", "go on with what comes")
    .option("-n, --lines <count>", "how many of the last lines (default: 50)", countOption)
    .option("--json", "the lines as they are in the file")
    .action(async (program: string, options: Options) => {
      const directory = join(cli.dataDir, "logs");
      const file = join(directory, `${program}.log`);
      if (!/^[a-z0-9-]+$/.test(program) || !existsSync(file)) throw unknown(directory, program);
      await followFile({
        file,
        lastLines: options.lines ?? 50,
        isFollowing: options.follow === true,
        onLine: (line) => cli.terminal.out(options.json ? line : formatLogLine(cli.terminal, line)),
      });
    });
}

function unknown(directory: string, program: string): CliError {
  if (!existsSync(directory))
    return new CliError(`There are no logs in ${directory}. Start the stack: npm run up`);
  const names = readdirSync(directory)
    .filter((name) => name.endsWith(".log"))
    .map((name) => name.slice(0, -4))
    .sort();
  return wrongUse(`There is no log of “${program}”. Choose one of: ${names.join(", ")}.`);
}
