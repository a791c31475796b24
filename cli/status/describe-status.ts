import { formatSpeed } from "#cli/output/format-speed.ts";
import { wrap } from "#cli/output/wrap.ts";
import { renderTable } from "#cli/table.ts";
import { clean, paint, type Terminal } from "#cli/terminal.ts";
import { METERED_DOORS } from "#lib/doors.ts";
import { formatBytes } from "#lib/format-bytes.ts";
import { formatRelativeTime, formatTime } from "#lib/format-time.ts";
import type { NodeInfo, Status } from "#lib/schemas/status.ts";
import type { ProgramState, StatusReport } from "./status-report.ts";

const MARK = {
  up: ["●", "green"],
  unready: ["▲", "yellow"],
  down: ["✖", "red"],
  unknown: ["○", "dim"],
} as const satisfies Record<ProgramState, readonly [string, string]>;
const INDENT = "  ";
const LINE = 80;

/** The report for people: worst news at the top and, with what to do, at the end. */
export function describeStatus(terminal: Terminal, report: StatusReport, now: number): string {
  const width = Math.min(terminal.columns, LINE);
  const sections: [string, string[]][] = [
    ["PROGRAMS", programLines(terminal, report, width)],
    ["PEOPLE", report.status === null ? [] : wrap(peopleLine(report.status.users), width - 2)],
    ["TRAFFIC", trafficLines(terminal, report)],
    ["NODES", nodeLines(terminal, report.nodes ?? [], now)],
    ["MACHINE", machineLines(terminal, report, width)],
    ["WHAT TO DO", problemLines(terminal, report, width)],
  ];
  return [
    ...headLines(terminal, report, width),
    ...sections.flatMap(([title, lines]) =>
      lines.length === 0
        ? []
        : ["", paint(terminal, "bold", title), ...lines.map((line) => `${INDENT}${line}`)],
    ),
  ].join("\n");
}

function headLines(terminal: Terminal, report: StatusReport, width: number): string[] {
  const down = report.problems.filter(({ severity }) => severity === "down").length;
  const others = report.problems.length - down;
  const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  const verdict =
    down > 0
      ? paint(
          terminal,
          "red",
          `✖ ${count(down, "thing is", "things are")} down${others > 0 ? `, ${count(others, "needs", "need")} a look` : ""}`,
        )
      : others > 0
        ? paint(
            terminal,
            "yellow",
            `▲ everything works; ${count(others, "thing needs", "things need")} a look`,
          )
        : paint(terminal, "green", "● everything is well");
  const versions = Object.entries(report.versions)
    .filter(([name]) => name !== "causeway")
    .map(([name, version]) => `${name === "node" ? "Node.js" : "Xray"} ${version}`);
  const head = [`Causeway ${report.versions.causeway}`, report.url, formatTime(report.at)].join(" · ");
  return [
    ...wrap(head, width).map((line) => paint(terminal, "bold", line)),
    verdict,
    ...(versions.length === 0 ? [] : [paint(terminal, "dim", versions.join(" · "))]),
  ];
}

function programLines(terminal: Terminal, { programs }: StatusReport, width: number): string[] {
  if (programs.length === 0) return [];
  const mark = (state: ProgramState) => paint(terminal, MARK[state][1], MARK[state][0]);
  const up = programs.filter(({ state }) => state === "up");
  const others = programs.filter(({ state }) => state !== "up");
  const nameWidth = Math.max(0, ...others.map(({ name }) => name.length));
  const words = { unready: "not ready", down: "down", unknown: "unknown", up: "up" };
  return [
    ...others.flatMap(({ name, state, detail }) =>
      wrap(`${words[state]}${detail === null ? "" : `: ${clean(detail)}`}`, width - nameWidth - 6).map(
        (line, index) =>
          `${index === 0 ? mark(state) : " "} ${(index === 0 ? name : "").padEnd(nameWidth)}  ${paint(terminal, MARK[state][1], line)}`,
      ),
    ),
    ...wrap(up.map(({ name }) => `${MARK.up[0]}\u00a0${name}`).join("  "), width - 2).map((line) =>
      line.replaceAll("\u00a0", " ").replaceAll(MARK.up[0], mark("up")),
    ),
  ];
}

function peopleLine(users: Status["users"]): string {
  const kinds = [
    ["active", users.active],
    ["disabled", users.disabled],
    ["over their limit", users.limited],
    ["expired", users.expired],
    ["on hold", users.onHold],
  ] as const;
  const parts = kinds.filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${kind}`);
  return `${users.online} online · ${users.total} in all${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}

function trafficLines(terminal: Terminal, { status, rates }: StatusReport): string[] {
  if (status === null && rates === null) return [];
  const rows = METERED_DOORS.map((door) => ({ door, today: status?.today[door], rate: rates?.[door] }));
  return renderTable(
    { ...terminal, columns: terminal.columns - 2 },
    [
      { title: "DOOR", cell: ({ door }) => door },
      {
        title: "UP NOW",
        cell: ({ rate }) => (rate ? formatSpeed(rate.upBytesPerSecond) : "–"),
        isRight: true,
      },
      {
        title: "DOWN NOW",
        cell: ({ rate }) => (rate ? formatSpeed(rate.downBytesPerSecond) : "–"),
        isRight: true,
      },
      { title: "UP TODAY", cell: ({ today }) => (today ? formatBytes(today.upBytes) : "–"), isRight: true },
      {
        title: "DOWN TODAY",
        cell: ({ today }) => (today ? formatBytes(today.downBytes) : "–"),
        isRight: true,
      },
    ],
    rows,
  ).split("\n");
}

function nodeLines(terminal: Terminal, nodes: NodeInfo[], now: number): string[] {
  if (nodes.length === 0) return [];
  const isPending = (node: NodeInfo) => node.enrolment?.isPending === true;
  return renderTable(
    { ...terminal, columns: Math.min(terminal.columns, LINE) - 2 },
    [
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
        cell: (node) => (node.seenAt === null ? "never" : formatRelativeTime(node.seenAt, now)),
        dropOrder: 1,
      },
    ],
    nodes,
  ).split("\n");
}

function machineLines(terminal: Terminal, report: StatusReport, width: number): string[] {
  const ends = report.certificates.map(({ name, daysLeft }) => `${name}\u00a0${daysLeft}\u00a0d`).join(", ");
  const disks = report.disks.map(
    ({ freeBytes, totalBytes }) =>
      `${formatBytes(freeBytes)} free of ${formatBytes(totalBytes)} (${Math.round((freeBytes / totalBytes) * 100)} %)`,
  );
  const lines: [string, string][] = [
    ["Certificates end in", ends],
    ["Disk", disks.join(", ")],
  ];
  const shown = lines.filter(([, value]) => value !== "");
  const nameWidth = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.flatMap(([name, value]) =>
    wrap(value, width - nameWidth - 4).map(
      (line, index) => `${paint(terminal, "dim", (index === 0 ? name : "").padEnd(nameWidth))}  ${line}`,
    ),
  );
}

function problemLines(terminal: Terminal, { problems }: StatusReport, width: number): string[] {
  return problems.flatMap(({ severity, what, action }) => {
    const [mark, style] = MARK[severity === "down" ? "down" : "unready"];
    return [
      ...wrap(clean(what), width - 4).map(
        (line, index) => `${index === 0 ? paint(terminal, style, mark) : " "} ${line}`,
      ),
      ...wrap(`→ ${action}`, width - 4).map((line) => `  ${paint(terminal, "cyan", line)}`),
    ];
  });
}
