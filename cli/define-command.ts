import { type Command, Option } from "commander";
import { connect } from "#cli/connection/connect.ts";
import type { ApiClient } from "#lib/api-client.ts";
import type { Cli, ConnectOptions } from "./cli.ts";

export type Print = <T>(value: T, human: (value: T) => string) => void;
export type Run<O> = {
  cli: Cli;
  api: ApiClient;
  options: O & ConnectOptions & { json?: true };
  /** Prints the JSON when asked for it, else what `human` makes of the value. */
  print: Print;
};

/** Gives a command --json and the connection options, and runs it with an open connection. */
export function defineCommand<O>(
  cli: Cli,
  command: Command,
  run: (context: Run<O>, ...args: string[]) => Promise<void>,
): Command {
  return defineUnconnected<O>(cli, addConnection(command), ({ options, print }, ...args) =>
    run({ cli, api: connect(cli, options), options, print }, ...args),
  );
}

/** The same for what belongs to a person: the server's own CLI is nobody's account. */
export function definePersonal<O>(
  cli: Cli,
  command: Command,
  run: (context: Run<O>, ...args: string[]) => Promise<void>,
): Command {
  return defineUnconnected<O>(cli, addConnection(command), ({ options, print }, ...args) =>
    run({ cli, api: connect(cli, options, { isPersonal: true }), options, print }, ...args),
  );
}

/** The same for what must do without a connection, or makes its own. */
export function defineUnconnected<O>(
  cli: Cli,
  command: Command,
  run: (context: Omit<Run<O>, "api">, ...args: string[]) => Promise<void>,
): Command {
  return command.option("--json", "print JSON, for programs").action(async (...all: unknown[]) => {
    // commander passes the arguments, then the options, then the command itself.
    const options = all.at(-2) as O & ConnectOptions & { json?: true };
    const args = all.slice(0, -2).flatMap((arg) => (Array.isArray(arg) ? arg : [arg]));
    const print: Print = (value, human) =>
      cli.terminal.out(options.json ? JSON.stringify(value) : human(value));
    await run({ cli, options, print }, ...args.filter((arg) => typeof arg === "string"));
  });
}

/** Which installation, and what opens it; left out: the stack of this checkout, else the last `vpn login`. */
export function addConnection(command: Command): Command {
  const group = "Another installation:";
  const add = (flags: string, text: string) => command.addOption(new Option(flags, text).helpGroup(group));
  add("--url <url>", "its address (or CAUSEWAY_URL)");
  add("--token <token>", "an API token (better in CAUSEWAY_TOKEN: others see options)");
  add("--token-file <file>", "a file that holds the API token");
  add("--ca <file>", "CA certificate that signs its certificate (or CAUSEWAY_CA)");
  return command;
}
