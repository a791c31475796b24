import { type inferParserType, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { METERED_DOORS } from "#lib/doors.ts";

/** The youngest of each process; who looks for one among thousands filters by user. */
export const CONNECTIONS_SHOWN = 500;

/** Whose, through which door, in what order: all in the URL. */
export const connectionParsers = {
  user: parseAsString,
  door: parseAsStringLiteral(METERED_DOORS),
  sort: parseAsStringLiteral(["youngest", "oldest", "bytes"] as const).withDefault("youngest"),
};
export type ConnectionFilters = inferParserType<typeof connectionParsers>;
