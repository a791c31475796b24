import { z } from "zod";

/** One program as the supervisor keeps it; complete, so that the supervisor knows nothing about any of them. */
export const programSpecSchema = z.object({
  name: z.string(),
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
  stopSignal: z.enum(["SIGTERM", "SIGINT"]),
  /** How long it may take to stop before it is killed. */
  patienceMs: z.number(),
  /** A lock file to look at before each start: removed when its process is gone. */
  postgresDirectory: z.string().nullable(),
  /** It writes `<name>.log` by itself; what it prints goes to `<name>.out`. */
  hasOwnLog: z.boolean(),
});
export type ProgramSpec = z.infer<typeof programSpecSchema>;

/** .data/stack.json without what changes while it runs. */
export const stackFactsSchema = z.object({
  panelUrl: z.string(),
  apiUrl: z.string(),
  caFile: z.string(),
  httpProxy: z.string(),
  socksProxy: z.string(),
  vpnAddress: z.string(),
  ports: z.record(z.string(), z.number()),
});
export type StackFacts = z.infer<typeof stackFactsSchema>;

/** From `up` to the supervisor. Until `settled`, the supervisor ends everything when `up` goes away. */
export const messageSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("describe"),
    facts: stackFactsSchema,
    xrayPidFile: z.string(),
    xrayBin: z.string(),
  }),
  z.object({ kind: z.literal("start"), programs: z.array(programSpecSchema) }),
  z.object({ kind: z.literal("settled") }),
]);
export type Message = z.infer<typeof messageSchema>;
