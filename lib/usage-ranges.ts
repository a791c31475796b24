/** Of a usage series. Apart from its schema, so that a page that only lists them loads no schemas. */
export const USAGE_RANGES = ["24h", "7d", "30d", "90d"] as const;
