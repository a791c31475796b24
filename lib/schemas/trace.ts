import { z } from "zod";
import { TRACED_PROGRAMS } from "../traced-programs.ts";
import { timeSchema } from "./common.ts";

export const traceIdSchema = z.string().regex(/^[\da-f]{32}$/, "A trace id: 32 hex digits.");

export const traceQuerySchema = z.object({
  /** Only traces that passed this program. */
  program: z.enum(TRACED_PROGRAMS).default("traefik"),
  /** Only traces with a span of that program that took at least so long. */
  minMs: z.coerce.number().int().min(0).max(600_000).optional(),
  /** Only traces in which something failed. */
  errors: z.enum(["0", "1"]).default("0"),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
export type TraceQuery = Partial<z.output<typeof traceQuerySchema>>;

export const traceSummarySchema = z.object({
  id: traceIdSchema,
  /** What was asked for: a route's template or a job's name. */
  name: z.string(),
  at: timeSchema,
  milliseconds: z.number().nonnegative(),
  spans: z.number().int(),
  programs: z.array(z.string()),
  hasError: z.boolean(),
});
export type TraceSummary = z.infer<typeof traceSummarySchema>;

export const traceListSchema = z.object({
  items: z.array(traceSummarySchema),
  /** Whether this installation has a Jaeger to ask. */
  isConfigured: z.boolean(),
  /** Where Jaeger's own pages are on the panel's host; null = it has none. */
  pagesPath: z.string().nullable(),
});
export type TraceList = z.infer<typeof traceListSchema>;

export const spanSchema = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  program: z.string(),
  name: z.string(),
  /** Since the trace began. */
  startMs: z.number(),
  milliseconds: z.number().nonnegative(),
  hasError: z.boolean(),
  attributes: z.record(z.string(), z.string()),
});
export type Span = z.infer<typeof spanSchema>;

export const traceSchema = traceSummarySchema.extend({
  /** Parents before their children, siblings by their start. */
  tree: z.array(spanSchema.extend({ depth: z.number().int() })),
  pagesPath: z.string().nullable(),
});
export type Trace = z.infer<typeof traceSchema>;
