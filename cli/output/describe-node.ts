import type { Cli } from "#cli/cli.ts";
import { moment } from "#cli/output/describe-user.ts";
import { renderDetails, renderTable } from "#cli/table.ts";
import type { NodeInfo } from "#lib/schemas/status.ts";

export function describeNode(cli: Cli, node: NodeInfo): string {
  const isPending = node.enrolment?.isPending === true;
  const details: [string, string | null][] = isPending
    ? [
        ["Name", node.name],
        ["State", "waits for its machine to join"],
        [
          "Token",
          `good until ${moment(cli, node.enrolment?.expiresAt ?? "")}; another: vpn node invite ${node.name}`,
        ],
        ["Agent", node.agentUrl],
      ]
    : [
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
      ];
  return [
    renderDetails(cli.terminal, details),
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
  ].join("\n");
}
