import { z } from "zod";

/** Bytes as a plain JSON number: exact up to 2^53 (8 PiB), which one user's total stays below. */
export const bytesSchema = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** RFC 3339 in UTC, as every time in our JSON. */
export const timeSchema = z.iso.datetime({ offset: true });

export const uuidSchema = z.uuid();

/** RFC 9457 problem details, as every error of /api/v1 and /internal. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  /** For invalid input: one line for each wrong field, `path` as in `doors.0.limit`. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int() });
}
