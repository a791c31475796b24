import { z } from "zod";
import { CHART_RANGES } from "../chart-ranges.ts";
import { METERED_DOORS } from "../doors.ts";
import { METRIC_SERIES } from "../metric-series.ts";
import { timeSchema, uuidSchema } from "./common.ts";

export const CHART_UNITS = [
  "bytes",
  "bytes-per-second",
  "count",
  "per-second",
  "seconds",
  "ratio",
  "cores",
] as const;

/** `from` and `to` together win over `range`; the step is chosen so that there are at most about 300 points. */
export const chartQuerySchema = z.object({
  range: z.enum(CHART_RANGES).default("24h"),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  /** Also the period of the same length right before. */
  compare: z.enum(["true"]).optional(),
});
export type ChartQuery = z.input<typeof chartQuerySchema>;

const nodeRefSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/i, "Name a node by its name or id.");
export const totalUsageQuerySchema = chartQuerySchema.extend({
  node: nodeRefSchema.optional(),
  by: z.enum(["door", "node"]).default("door"),
});
export const metricQuerySchema = chartQuerySchema.extend({
  node: nodeRefSchema.optional(),
  door: z.enum([...METERED_DOORS, "web"]).optional(),
});
/** `?ids=…,…` */
export const usersUsageQuerySchema = z.object({
  ids: z
    .string()
    .default("")
    .transform((text) => text.split(",").filter((id) => id !== ""))
    .pipe(z.array(uuidSchema).max(100)),
});
export const metricSeriesSchema = z.enum(METRIC_SERIES);

const valuesSchema = z.array(z.number().nullable());
/**
 * Columns: value `i` of each line belongs to `from` + i × `stepSeconds` (bytes: to the bucket that starts there).
 * null = not known, which is not zero.
 */
export const chartSchema = z.object({
  unit: z.enum(CHART_UNITS),
  from: timeSchema,
  stepSeconds: z.number().int().positive(),
  points: z.number().int(),
  lines: z.array(
    z.object({
      /** Door, percentile, or a label's value; nodes' usage: the node's name, `~proxies`, `~removed`. */
      key: z.string(),
      values: valuesSchema,
      before: valuesSchema.optional(),
    }),
  ),
  /** Lines left out because there were too many. */
  omitted: z.number().int(),
});
export type Chart = z.infer<typeof chartSchema>;
export type ChartUnit = Chart["unit"];
