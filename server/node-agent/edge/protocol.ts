import { z } from "zod";

/** What the edge helper answers the agent on its unix socket. */
export const socketSchema = z.object({
  ip: z.string(),
  port: z.number().int(),
  localPort: z.number().int(),
});
export const socketsSchema = z.object({ sockets: z.array(socketSchema) });
export const killedSchema = z.object({ killed: z.number().int() });
export const edgeStateSchema = z.object({
  canCut: z.boolean(),
  /** Traefik's container was started again: this process still stands in the old network. */
  isStale: z.boolean(),
});
export type EdgeState = z.infer<typeof edgeStateSchema>;
