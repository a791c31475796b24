import { wrap } from "#cli/output/wrap.ts";
import { clean, paint, type Terminal } from "#cli/terminal.ts";
import type { Finding } from "#lib/schemas/doctor.ts";

const MARK = {
  ok: ["✓", "green"],
  warning: ["▲", "yellow"],
  failure: ["✖", "red"],
  skipped: ["–", "dim"],
} as const;
const LINE = 100;
const NAME = 22;

/** By group, then everything that needs somebody once more in one list with what to do. */
export function describeFindings(terminal: Terminal, findings: readonly Finding[]): string {
  const width = Math.min(terminal.columns, LINE);
  const groups = [...new Set(findings.map(({ group }) => group))];
  const bad = findings.filter(({ state }) => state === "failure" || state === "warning");
  return [
    ...groups.flatMap((group) => [
      paint(terminal, "bold", group),
      ...findings
        .filter((finding) => finding.group === group)
        .flatMap((finding) => lineOf(terminal, finding, width)),
    ]),
    "",
    ...(bad.length === 0 ? [] : [paint(terminal, "bold", "What to do")]),
    ...bad
      .toSorted((a, b) => Number(b.state === "failure") - Number(a.state === "failure"))
      .flatMap((finding, index) => adviceOf(terminal, finding, index + 1, width)),
    ...(bad.length === 0 ? [] : [""]),
    verdict(terminal, findings),
  ].join("\n");
}

function lineOf(terminal: Terminal, { name, state, detail }: Finding, width: number): string[] {
  const [mark, style] = MARK[state];
  const indent = NAME + 5;
  return wrap(clean(detail), Math.max(20, width - indent)).map((line, index) =>
    index === 0
      ? `  ${paint(terminal, style, mark)} ${clean(name).padEnd(NAME)} ${line}`
      : `${" ".repeat(indent)}${line}`,
  );
}

function adviceOf(terminal: Terminal, finding: Finding, number: number, width: number): string[] {
  const [, style] = MARK[finding.state];
  const body = (text: string) => wrap(clean(text), width - 5).map((line) => `     ${line}`);
  return [
    ...wrap(`${finding.group}, ${clean(finding.name)}: ${clean(finding.detail)}`, width - 5).map(
      (line, index) => paint(terminal, style, `${index === 0 ? `${number}.`.padStart(4) : "    "} ${line}`),
    ),
    ...(finding.meaning === null ? [] : body(finding.meaning)),
    ...(finding.action === null
      ? []
      : body(`→ ${finding.action}`).map((line) => paint(terminal, "cyan", line))),
  ];
}

function verdict(terminal: Terminal, findings: readonly Finding[]): string {
  const count = (state: Finding["state"]) => findings.filter((finding) => finding.state === state).length;
  const skipped = count("skipped") === 0 ? "" : `, ${count("skipped")} not looked at`;
  const [failures, warnings] = [count("failure"), count("warning")];
  const words = `${count("ok")} well, ${warnings} to look at, ${failures} failed${skipped}.`;
  return paint(terminal, failures > 0 ? "red" : warnings > 0 ? "yellow" : "green", words);
}
