import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { moment } from "#cli/describe-user.ts";
import { renderDetails, renderTable } from "#cli/table.ts";

export function nodeShow(parent: Command, cli: Cli): void {
  const command = parent.command("show").description("Show a node").argument("<name>");
  defineCommand(cli, command, async ({ api, print }, name = "") => {
    print(await api.getNode(name), (node) =>
      [
        renderDetails(cli.terminal, [
          ["Name", node.name],
          ["State", node.isUp ? "up" : "down"],
          ["Error", node.lastError],
          ["Xray", node.isXrayUp ? `up, version ${node.xrayVersion ?? "unknown"}` : "down"],
          [
            "Live connections",
            node.seenAt === null
              ? null
              : node.canCutLive
                ? "can be ended at once"
                : "end only when they close (no CAP_NET_ADMIN)",
          ],
          ["Changes behind", String(node.revisionBehind)],
          ["Seen", node.seenAt === null ? "never" : moment(cli, node.seenAt)],
          ["Agent", node.agentUrl],
          ["Id", node.id],
        ]),
        "",
        renderTable(
          cli.terminal,
          [
            { title: "INBOUND", cell: (inbound) => inbound.tag },
            { title: "PORT", cell: (inbound) => String(inbound.port), isRight: true },
            { title: "SERVER NAME", cell: (inbound) => inbound.serverName },
            { title: "PUBLIC KEY", cell: (inbound) => inbound.realityPublicKey, dropOrder: 1 },
          ],
          node.inbounds,
        ),
      ].join("\n"),
    );
  });
}
