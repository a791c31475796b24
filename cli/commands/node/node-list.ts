import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { type Column, renderTable } from "#cli/table.ts";
import { formatRelativeTime } from "#lib/format-time.ts";
import type { NodeInfo } from "#lib/schemas/status.ts";

export function nodeList(parent: Command, cli: Cli): void {
  const command = parent.command("list").alias("ls").description("List nodes");
  defineCommand(cli, command, async ({ api, print }) => {
    print(await api.listNodes(), ({ items }) =>
      items.length === 0 ? "No node yet." : renderTable(cli.terminal, columns(cli), items),
    );
  });
}

const isPending = (node: NodeInfo) => node.enrolment?.isPending === true;

const columns = (cli: Cli): Column<NodeInfo>[] => [
  { title: "NAME", cell: (node) => node.name },
  {
    title: "STATE",
    cell: (node) => (isPending(node) ? "to join" : node.isUp ? "up" : "down"),
    style: (node) => (isPending(node) ? "yellow" : node.isUp ? "green" : "red"),
  },
  {
    title: "XRAY",
    cell: (node) => (node.isXrayUp ? (node.xrayVersion ?? "up") : isPending(node) ? "" : "down"),
    style: (node) => (node.isXrayUp || isPending(node) ? null : "red"),
  },
  { title: "BEHIND", cell: (node) => String(node.revisionBehind), isRight: true, dropOrder: 2 },
  {
    title: "SEEN",
    cell: (node) => (node.seenAt === null ? "never" : formatRelativeTime(node.seenAt, cli.now())),
    dropOrder: 1,
  },
  { title: "AGENT", cell: (node) => node.agentUrl, dropOrder: 3 },
  { title: "ERROR", cell: (node) => node.lastError ?? "", style: () => "red" },
];
