import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs";
import type { TraceQuery } from "#lib/schemas/trace.ts";
import { TRACED_PROGRAMS } from "#lib/traced-programs.ts";

/** Every filter and the open trace live in the URL, so that a view can be sent to a colleague. */
export const traceParsers = {
  program: parseAsStringLiteral(TRACED_PROGRAMS).withDefault("traefik"),
  /** Milliseconds. */
  slower: parseAsInteger,
  failed: parseAsBoolean.withDefault(false),
  trace: parseAsString,
};

export const SLOWER_THAN = [50, 200, 1_000, 5_000] as const;

export type TraceFilters = {
  program: (typeof TRACED_PROGRAMS)[number];
  slower: number | null;
  failed: boolean;
};

export const toTraceQuery = ({ program, slower, failed }: TraceFilters): TraceQuery => ({
  program,
  errors: failed ? "1" : "0",
  ...(slower === null ? {} : { minMs: slower }),
});
