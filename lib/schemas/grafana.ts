import { z } from "zod";

/** absent: this installation has none · down: it has one that does not answer. */
export const grafanaSchema = z.object({
  state: z.enum(["absent", "up", "down"]),
  version: z.string().nullable(),
});
export type Grafana = z.infer<typeof grafanaSchema>;
