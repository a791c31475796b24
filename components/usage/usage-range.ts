import { parseAsStringLiteral } from "nuqs/server";
import type { UsageRange } from "#lib/schemas/usage.ts";
import { USAGE_RANGES } from "#lib/usage-ranges.ts";

export const DEFAULT_RANGE: UsageRange = "24h";

/** `?range=7d`: anything else is the default. Read by the page on the server and by the control in the browser. */
export const rangeParser = parseAsStringLiteral(USAGE_RANGES).withDefault(DEFAULT_RANGE);
