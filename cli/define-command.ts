import type { Command } from "commander";
import type { ApiClient } from "#lib/api-client.ts";
import type { Cli, ConnectOptions } from "./cli.ts";

export type Run<O> = {
  cli: Cli;
  api: ApiClient;
  options: O & { json?: true };
  /** Prints the JSON when asked for it, else what `human` makes of the value. */
  print: <T>(value: T, human: (value: T) => string) => void;
};

/** Gives a command --json and the connection options, and runs it with an open connection. */
export function defineCommand<O>(
  cli: Cli,
  command: Command,
  run: (context: Run<O>, ...args: string[]) => Promise<void>,
): Command {
  return command
    .option("--json", "print JSON, for programs")
    .option("--url <url>", "another installation's address (needs --token-file)")
    .option("--token-file <path>", "file that holds the API token")
    .option("--ca-file <path>", "CA certificate that signs the address's certificate")
    .action(async (...all: unknown[]) => {
      // commander passes the arguments, then the options, then the command itself.
      const options = all.at(-2) as O & ConnectOptions & { json?: true };
      const args = all.slice(0, -2).filter((arg) => typeof arg === "string");
      const print = <T>(value: T, human: (value: T) => string) =>
        cli.terminal.out(options.json ? JSON.stringify(value) : human(value));
      await run({ cli, api: await cli.connect(options), options, print }, ...args);
    });
}
