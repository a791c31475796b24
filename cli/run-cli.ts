import { CommanderError } from "commander";
import { explainApi } from "#cli/connection/explain-api.ts";
import { ApiError } from "#lib/api-error.ts";
import type { Cli } from "./cli.ts";
import { CliError, type ExitCode, QuietExit } from "./cli-error.ts";
import { createProgram } from "./create-program.ts";
import { clean } from "./terminal.ts";

/** Runs one command line and answers the exit code (cli-error.ts). */
export async function runCli(cli: Cli, version: string, args: readonly string[]): Promise<ExitCode> {
  try {
    await createProgram(cli, version).parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof QuietExit) return error.exitCode;
    const { line, exitCode } = explain(error, cli);
    cli.terminal.error(`vpn: ${clean(line.replace(/\s*\n\s*/g, " ").trim())}`);
    return exitCode;
  }
}

function explain(error: unknown, cli: Cli): { line: string; exitCode: 1 | 2 } {
  if (error instanceof CliError) return { line: error.message, exitCode: error.exitCode };
  if (error instanceof CommanderError) return { line: explainUse(error), exitCode: 2 };
  if (error instanceof ApiError)
    return { line: explainApi(error, cli), exitCode: error.code === "INVALID_INPUT" ? 2 : 1 };
  const message = error instanceof Error ? error.message : String(error);
  return {
    line: `This should not have happened: ${message}. Try again, and look into: vpn logs web`,
    exitCode: 1,
  };
}

function explainUse(error: CommanderError): string {
  // `vpn` and `vpn user` alone: commander would print the help as an error.
  if (error.code === "commander.help") return "Say what to do. See: vpn --help, or vpn user --help";
  return `${error.message.replace(/^error: /, "").replace(/([^.)?])$/, "$1.")} See: vpn --help`;
}
