import type { Cli } from "#cli/cli.ts";
import { renderDetails, renderTable } from "#cli/table.ts";
import { formatTime } from "#lib/format-time.ts";
import type { Group } from "#lib/schemas/group.ts";

export function describeGroup({ terminal }: Cli, group: Group): string {
  const { rules, otherwise } = group.destinations;
  return [
    renderDetails(terminal, [
      ["Name", group.name],
      ["Members", String(group.members)],
      ["Note", group.note === "" ? null : group.note],
      ["Created", formatTime(group.createdAt)],
      ["Proxies", rules.length === 0 ? `${otherwise} every destination` : `these rules, then ${otherwise}`],
    ]),
    ...(rules.length === 0
      ? []
      : [
          "",
          renderTable(
            terminal,
            [
              { title: "#", cell: (rule) => String(rules.indexOf(rule) + 1), isRight: true },
              { title: "ACTION", cell: (rule) => rule.action },
              { title: "TARGET", cell: (rule) => rule.target },
              { title: "PORTS", cell: (rule) => rule.ports ?? "all" },
            ],
            rules,
          ),
        ]),
  ].join("\n");
}
