import { type inferParserType, parseAsIsoDateTime, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { LOG_LEVELS } from "#lib/log-levels.ts";
import type { LogQuery } from "#lib/schemas/log.ts";

export const LOG_PERIODS = ["15m", "1h", "24h", "7d"] as const;
export type LogPeriod = (typeof LOG_PERIODS)[number];
const PERIOD_MS: Record<LogPeriod, number> = {
  "15m": 900_000,
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 604_800_000,
};

export const LOG_PAGE = 100;

/** Every filter lives in the URL, so that a view can be sent to a colleague. */
export const logParsers = {
  program: parseAsString,
  level: parseAsStringLiteral(LOG_LEVELS),
  user: parseAsString,
  requestId: parseAsString,
  traceId: parseAsString,
  text: parseAsString,
  since: parseAsStringLiteral(LOG_PERIODS),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
};
export type LogFilters = inferParserType<typeof logParsers>;
export const NO_LOG_FILTERS: LogFilters = {
  program: null,
  level: null,
  user: null,
  requestId: null,
  traceId: null,
  text: null,
  since: null,
  from: null,
  to: null,
};

export const logKey = (filters: LogFilters) => ["logs", filters] as const;

/** What the filters are for the API; `since` counts from `now`. */
export function toLogQuery({ since, from, to, ...rest }: LogFilters, now: number): LogQuery {
  const start = from?.getTime() ?? (since === null ? null : now - PERIOD_MS[since]);
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== "")),
    ...(start === null ? {} : { from: new Date(start).toISOString() }),
    ...(to === null ? {} : { to: to.toISOString() }),
  };
}
