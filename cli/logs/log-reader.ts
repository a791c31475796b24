import type { LogPage, LogQuery } from "#lib/schemas/log.ts";

/** Where lines come from: this machine's files, or an installation's API. */
export type LogReader = { search: (query: LogQuery) => Promise<LogPage> };
