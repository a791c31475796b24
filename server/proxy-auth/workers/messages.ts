import { z } from "zod";

/** Between the first process and its workers, over Node's own channel. */
export const fromWorkerSchema = z.discriminatedUnion("kind", [
  /** It listens, and knows who may come in. */
  z.object({ kind: z.literal("ready") }),
  /** Somebody scrapes: answered with `merged`. */
  z.object({ kind: z.literal("ask-metrics"), id: z.number() }),
  /** This worker's part of it. */
  z.object({ kind: z.literal("metrics"), id: z.number(), metrics: z.array(z.unknown()) }),
]);
export type FromWorker = z.infer<typeof fromWorkerSchema>;

export const toWorkerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("give-metrics"), id: z.number() }),
  z.object({ kind: z.literal("merged"), id: z.number(), text: z.string() }),
]);
export type ToWorker = z.infer<typeof toWorkerSchema>;
