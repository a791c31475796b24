import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { wrongUse } from "#cli/cli-error.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeNode } from "#cli/output/describe-node.ts";
import { portOption } from "#cli/parse-options.ts";

type Options = { address?: string; port?: number; agentPort?: number };

export function nodeEdit(parent: Command, cli: Cli): void {
  const command = parent
    .command("edit")
    .description("Change where a node is reached; links follow")
    .argument("<name>")
    .option("--address <host>", "where VPN clients and the controller reach it")
    .option("--port <port>", "for VPN clients", portOption)
    .option(
      "--agent-port <port>",
      "for the controller; tell the machine too: npm run join -- --agent-port N",
      portOption,
    );
  defineCommand<Options>(cli, command, async ({ api, options, print }, name = "") => {
    const { address, port, agentPort } = options;
    const change = {
      ...(address === undefined ? {} : { address }),
      ...(port === undefined ? {} : { port }),
      ...(agentPort === undefined ? {} : { agentPort }),
    };
    if (Object.keys(change).length === 0)
      throw wrongUse("Say what to change, like --address 203.0.113.21. See: vpn node edit --help");
    print(await api.editNode(name, change), (node) => describeNode(cli, node));
  });
}
