import { cn } from "#components/ui/cn.ts";
import type { LogLevel } from "#lib/log-levels.ts";

const TONE: Record<LogLevel, string> = {
  trace: "text-ink-3",
  debug: "text-ink-3",
  info: "text-ink-2",
  warn: "text-warn-text",
  error: "text-bad-text",
  fatal: "text-bad-text font-semibold",
};
/** The row of a line that somebody should read. */
export const LEVEL_ROW: Partial<Record<LogLevel, string>> = {
  warn: "bg-warn-well hover:bg-warn-well",
  error: "bg-bad-well hover:bg-bad-well",
  fatal: "bg-bad-well hover:bg-bad-well",
};

/** A word, and its colour besides. */
export function LevelMark({ level, className }: { level: LogLevel; className?: string }) {
  return <span className={cn("font-medium uppercase", TONE[level], className)}>{level}</span>;
}
