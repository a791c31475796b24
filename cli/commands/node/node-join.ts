import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { runStack } from "#cli/run-stack.ts";

/** On the other machine. The `vpn` script runs it by itself where nothing is installed yet. */
export function nodeJoin(parent: Command, cli: Cli): void {
  parent
    .command("join")
    .description("Make this machine a node of another installation (as npm run join)")
    .argument("[token]", "from vpn node add, on the server; left out: start what has joined before")
    .option("--agent-port <port>", "where the controller comes in, when it was changed")
    .option("--json", "print JSON, for programs")
    .action((token: string | undefined, options: { agentPort?: string; json?: true }) =>
      runStack(cli, [
        "join",
        ...(token === undefined ? [] : [token]),
        ...(options.agentPort === undefined ? [] : ["--agent-port", options.agentPort]),
        ...(options.json ? ["--json"] : []),
      ]),
    );
}
