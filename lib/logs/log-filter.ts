import type { z } from "zod";
import { LOG_LEVELS } from "../log-levels.ts";
import type { LogLine, logFilterSchema } from "../schemas/log.ts";

export type LogFilter = z.output<typeof logFilterSchema> & {
  /** The id of `user` when that is a name, or the name when it is an id; lines have the one or the other. */
  userAlias?: string | undefined;
};

/** Programs whose files may hold such lines; null = all. */
export const programsOf = ({ program }: LogFilter): ReadonlySet<string> | null =>
  program === undefined ? null : new Set(program.split(","));

/** The first field of our own lines. */
const LOW = /^\{"level":"(?:info|debug|trace)"/;

/** Looks at the text of a line before anything is parsed: most lines end here. */
export function createTextFilter({ requestId, traceId, text, user, userAlias, level }: LogFilter) {
  const needed = [requestId, traceId].filter((word) => word !== undefined);
  const names = [user, userAlias].filter((word) => word !== undefined);
  // As it would stand in JSON.
  const lower = text === undefined ? null : JSON.stringify(text).slice(1, -1).toLowerCase();
  const isAboveInfo = level !== undefined && LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf("info");
  return (line: string): boolean =>
    !(isAboveInfo && LOW.test(line)) &&
    needed.every((word) => line.includes(word)) &&
    (names.length === 0 || names.some((word) => line.includes(word))) &&
    (lower === null || text === undefined || isFound(line.toLowerCase(), lower, text.toLowerCase()));
}

const isFound = (line: string, quoted: string, plain: string) =>
  line.includes(quoted) || line.includes(plain);

/** Whether a parsed line fits. */
export function createLineFilter(filter: LogFilter) {
  const { level, requestId, traceId, user, userAlias } = filter;
  const programs = programsOf(filter);
  const least = level === undefined ? 0 : LOG_LEVELS.indexOf(level);
  const names = new Set([user, userAlias].filter((word) => word !== undefined));
  return (line: LogLine): boolean =>
    (programs === null || programs.has(line.program)) &&
    LOG_LEVELS.indexOf(line.level) >= least &&
    (requestId === undefined || line.requestId === requestId) &&
    (traceId === undefined || line.traceId === traceId) &&
    (names.size === 0 || isAbout(line, names));
}

function isAbout({ userId, fields }: LogLine, names: ReadonlySet<string>): boolean {
  return [userId, fields.user, fields.name, fields.userName].some(
    (value) => typeof value === "string" && names.has(value),
  );
}
