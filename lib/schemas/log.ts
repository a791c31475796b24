import { z } from "zod";
import { LOG_LEVELS } from "../log-levels.ts";
import { timeSchema } from "./common.ts";

export const logLineSchema = z.object({
  /** File and place in it: the same line has the same id, also after its file was put aside. */
  id: z.string(),
  time: timeSchema,
  level: z.enum(LOG_LEVELS),
  program: z.string(),
  msg: z.string(),
  requestId: z.string().nullable(),
  traceId: z.string().nullable(),
  userId: z.string().nullable(),
  /** The rest of the line, by the program's own names. */
  fields: z.record(z.string(), z.unknown()),
});
export type LogLine = z.infer<typeof logLineSchema>;

const PROGRAM = /^[a-z0-9][a-z0-9-]{0,31}$/;
const SOME_ID = /^[\w.:-]+$/;

/** What a line has to be; everything left out: any. */
export const logFilterSchema = z.object({
  program: z
    .string()
    .max(300)
    .refine((text) => text.split(",").every((name) => PROGRAM.test(name)), "Programs like web,controller.")
    .optional()
    .describe("One or more, comma-separated."),
  level: z.enum(LOG_LEVELS).optional().describe("This level or a higher one."),
  user: z.string().min(1).max(64).optional().describe("A user's name or id."),
  requestId: z.string().max(64).regex(SOME_ID).optional(),
  traceId: z.string().max(64).regex(SOME_ID).optional(),
  text: z.string().min(1).max(200).optional().describe("Found anywhere in the line, in any case."),
});

export const logQuerySchema = logFilterSchema.extend({
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type LogQuery = Partial<z.output<typeof logQuerySchema>>;

export const logPageSchema = z.object({
  /** Newest first. */
  items: z.array(logLineSchema),
  nextCursor: z.string().nullable(),
  /** Set when the search stopped for its length: nothing newer than this is missing, `nextCursor` searches on. */
  searchedUntil: timeSchema.nullable(),
});
export type LogPage = z.infer<typeof logPageSchema>;

export const logDownloadQuerySchema = logQuerySchema.omit({ cursor: true, limit: true });

export const logProgramsSchema = z.object({
  items: z.array(
    z.object({
      program: z.string(),
      files: z.number().int(),
      bytes: z.number().int(),
      /** Last written to. */
      writtenAt: timeSchema.nullable(),
    }),
  ),
  totalBytes: z.number().int(),
  capBytes: z.number().int(),
  keepDays: z.number(),
  /** Whether what people visit is written down (LOG_DESTINATIONS). */
  keepsDestinations: z.boolean(),
});
export type LogPrograms = z.infer<typeof logProgramsSchema>;
