import { CommanderError } from "commander";
import { ApiError } from "#lib/api-error.ts";
import type { Cli } from "./cli.ts";
import { CliError } from "./cli-error.ts";
import { createProgram } from "./create-program.ts";
import { findDeadPrograms } from "./find-dead-programs.ts";
import { clean } from "./terminal.ts";

/** Runs one command line; answers the exit code: 0 done, 2 called wrongly, 1 anything else. */
export async function runCli(cli: Cli, version: string, args: readonly string[]): Promise<0 | 1 | 2> {
  try {
    await createProgram(cli, version).parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
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

function explainApi(error: ApiError, cli: Cli): string {
  switch (error.code) {
    case "UNREACHABLE": {
      const dead = findDeadPrograms(cli.dataDir);
      const which = dead.length === 0 ? "Is it running?" : `Not running: ${dead.join(", ")}.`;
      return `The panel does not answer${reasonOf(error)}. ${which} See vpn logs web, or start it: npm run up`;
    }
    case "UNAUTHENTICATED":
      return "The API token is not accepted. Start the stack again to renew the CLI's: npm run up";
    case "INVALID_INPUT": {
      const fields = error.errors.map(({ path, message }) => `${path}: ${message}`);
      return fields.length === 0 ? error.detail : fields.join(" ");
    }
    case "INTERNAL":
      return `${error.detail} Look for request ${error.requestId ?? "id"} in: vpn logs web`;
    default:
      return error.detail;
  }
}

function reasonOf(error: ApiError): string {
  let cause: unknown = error.cause;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  if (!(cause instanceof Error)) return "";
  const { code } = cause as NodeJS.ErrnoException;
  return ` (${code ?? cause.message})`;
}
