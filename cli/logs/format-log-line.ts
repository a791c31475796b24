import { clean, paint, type Terminal } from "#cli/terminal.ts";
import type { LogLevel } from "#lib/log-levels.ts";
import { describeLogLine } from "#lib/logs/describe-log-line.ts";
import type { LogLine } from "#lib/schemas/log.ts";

const STYLE: Record<LogLevel, "red" | "yellow" | "dim" | "cyan"> = {
  fatal: "red",
  error: "red",
  warn: "yellow",
  info: "cyan",
  debug: "dim",
  trace: "dim",
};
const STACK_LINES = 6;

/** One line for reading, cut to the terminal; of an error also where it happened. `today`: its lines need no date. */
export function formatLogLine(terminal: Terminal, line: LogLine, today: string): string {
  const day = line.time.slice(0, 10);
  const at = `${day === today ? "" : `${day} `}${line.time.slice(11, 23)}`;
  const { text, details } = describeLogLine(line);
  const ids = line.requestId === null ? "" : `requestId=${line.requestId}`;
  const head = `${at} ${line.level.padEnd(5)} ${line.program.padEnd(10)} `;
  const [shownText, shownDetails] = cut(
    [clean(text), clean([details, ids].filter(Boolean).join(" "))],
    terminal.columns - head.length,
  );
  const first = [
    paint(terminal, "dim", at),
    paint(terminal, STYLE[line.level], line.level.padEnd(5)),
    paint(terminal, "dim", clean(line.program).padEnd(10)),
    line.level === "info" ? shownText : paint(terminal, STYLE[line.level], shownText),
    paint(terminal, "dim", shownDetails),
  ]
    .filter((part) => part !== "")
    .join(" ");
  const more = stackOf(line).map((place) =>
    paint(terminal, "dim", cut([clean(`    ${place}`), ""], terminal.columns)[0]),
  );
  return [first, ...more].join("\n");
}

function cut([text, details]: [string, string], columns: number): [string, string] {
  if (text.length >= columns) return [`${text.slice(0, Math.max(1, columns - 1))}…`, ""];
  const left = columns - text.length - 1;
  if (details.length <= left) return [text, details];
  return [text, left < 2 ? "" : `${details.slice(0, left - 1)}…`];
}

/** The rest of a message of several lines, or the places of an error. */
function stackOf({ level, msg, fields }: LogLine): string[] {
  const { err } = fields;
  const stack = typeof err === "object" && err !== null && "stack" in err ? String(err.stack) : "";
  const places = stack.split("\n").filter((text) => /^\s+at /.test(text));
  const rest = [...msg.split("\n").slice(1), ...(level === "error" || level === "fatal" ? places : [])];
  return rest.slice(0, STACK_LINES).map((text) => text.trim());
}
