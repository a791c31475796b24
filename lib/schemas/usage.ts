import { z } from "zod";
import { METERED_DOORS } from "../doors.ts";
import { bytesSchema, timeSchema } from "./common.ts";

export const doorSchema = z.enum(METERED_DOORS);
export const doorBytesSchema = z.object({ upBytes: bytesSchema, downBytes: bytesSchema });
const doorsSchema = z.object({ vpn: doorBytesSchema, http: doorBytesSchema, socks: doorBytesSchema });

/** `GET /users/:ref/usage`: default from the last reset to now. Up = client → origin. */
export const usageSchema = z.object({
  user: z.string(),
  from: timeSchema,
  to: timeSchema,
  doors: doorsSchema,
  totalBytes: bytesSchema,
});
export type Usage = z.infer<typeof usageSchema>;
export const usageQuerySchema = z.object({ from: timeSchema.optional(), to: timeSchema.optional() });
