import { programsOf } from "#lib/logs/log-filter.ts";
import { parseLogCursor, searchLogs } from "#lib/logs/search-logs.ts";
import { type LogPage, type LogQuery, logQuerySchema } from "#lib/schemas/log.ts";
import type { Context } from "#server/context.ts";
import { invalidInput } from "#server/errors.ts";
import type { LogSettings } from "#server/logger.ts";
import { openLogDirectory, redactLine } from "./log-store.ts";
import { openLogStreams } from "./open-log-streams.ts";
import { resolveLogFilter } from "./resolve-log-filter.ts";

/** One look reads no more than this, however many files there are: the page says how far it came. */
const MAX_BYTES = 48 * 1024 * 1024;
const MAX_MS = 1_500;

/** Log lines of all programs, newest first. */
export async function listLogs(options: {
  ctx: Context;
  settings: LogSettings;
  query: LogQuery;
}): Promise<LogPage> {
  const directory = openLogDirectory(options.ctx, options.settings);
  const { from, to, cursor, limit, ...rest } = logQuerySchema.parse(options.query);
  if (cursor !== undefined && parseLogCursor(cursor) === null)
    throw invalidInput("This cursor is not one of ours. Start from the first page.");
  const filter = await resolveLogFilter(rest);
  const since = from === undefined ? null : Date.parse(from);
  const { streams, close } = await openLogStreams(directory, { programs: programsOf(filter), from: since });
  try {
    const page = await searchLogs({
      streams,
      filter,
      from: since,
      to: to === undefined ? null : Date.parse(to),
      cursor: cursor ?? null,
      limit,
      maxBytes: MAX_BYTES,
      maxMs: MAX_MS,
    });
    return { ...page, items: page.items.map(redactLine) };
  } finally {
    await close();
  }
}
