import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeInvite } from "#cli/output/describe-invite.ts";
import { portOption, schemaOption } from "#cli/parse-options.ts";
import { nodeNameSchema } from "#lib/schemas/node.ts";

type Options = {
  address: string;
  port?: number;
  agentPort?: number;
  serverName?: string;
  realityTarget?: string;
};

export function nodeAdd(parent: Command, cli: Cli): void {
  const command = parent
    .command("add")
    .description("Add a machine as a node; prints the line to run there, good once within 24 h")
    .argument("<name>", "a–z, 0–9 and dash; stays for good", schemaOption(nodeNameSchema))
    .requiredOption("--address <host>", "where VPN clients and the controller reach it")
    .option("--port <port>", "for VPN clients (default: 8443)", portOption)
    .option("--agent-port <port>", "for the controller (default: 9004)", portOption)
    .option("--server-name <name>", "what Reality pretends to be (default: a name that leads nowhere)")
    .option("--reality-target <host:port>", "the site behind that name (default: the agent's own)");
  defineCommand<Options>(cli, command, async ({ api, options, print }, name = "") => {
    const { address, port, agentPort, serverName, realityTarget } = options;
    const added = await api.addNode({
      name,
      address,
      ...(port === undefined ? {} : { port }),
      ...(agentPort === undefined ? {} : { agentPort }),
      ...(serverName === undefined ? {} : { serverName }),
      ...(realityTarget === undefined ? {} : { realityTarget }),
    });
    print(added, ({ node, invite }) => describeInvite(cli, node, invite));
  });
}
