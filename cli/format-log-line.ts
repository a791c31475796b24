import { clean, paint, type Terminal } from "./terminal.ts";

const LEVEL_STYLE: Record<string, "red" | "yellow" | "dim" | "cyan"> = {
  fatal: "red",
  error: "red",
  warn: "yellow",
  info: "cyan",
  debug: "dim",
  trace: "dim",
};

/** Our programs' JSON lines for reading: time, level, message, the rest as name=value. Other lines stay as they are. */
export function formatLogLine(terminal: Terminal, line: string): string {
  const record = parse(line);
  if (record === null || typeof record.msg !== "string") return clean(line);
  const { time, level, msg, program: _, ...rest } = record;
  const at = typeof time === "string" ? time.slice(11, 23) : "";
  const name = typeof level === "string" ? level : "info";
  const more = Object.entries(rest).map(([key, value]) => `${key}=${show(value)}`);
  return [
    paint(terminal, "dim", clean(at)),
    paint(terminal, LEVEL_STYLE[name] ?? "cyan", clean(name.padEnd(5))),
    clean(msg),
    paint(terminal, "dim", clean(more.join(" "))),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function show(value: unknown): string {
  if (typeof value === "string") return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value === "object" && value !== null && "message" in value) return JSON.stringify(value.message);
  return JSON.stringify(value);
}

function parse(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}
