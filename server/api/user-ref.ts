import { z } from "zod";

/** A user's id, name, or `me`: the verbs resolve it. */
export const refSchema = z.object({ ref: z.string().min(1).max(64) });
