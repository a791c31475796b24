import { z } from "zod";

export const FINDING_STATES = ["ok", "warning", "failure", "skipped"] as const;

/** One thing that `vpn doctor` looked at. A warning or failure says what it means and what to do. */
export const findingSchema = z.object({
  group: z.string(),
  name: z.string(),
  state: z.enum(FINDING_STATES),
  detail: z.string(),
  meaning: z.string().nullable().default(null),
  /** The exact command, or what to do by hand. */
  action: z.string().nullable().default(null),
});
export type Finding = z.infer<typeof findingSchema>;
