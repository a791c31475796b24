import { z } from "zod";
import { bytesSchema, timeSchema, uuidSchema } from "./common.ts";
import { doorSchema } from "./usage.ts";

/** Redis channel on which web asks every proxy-auth process; they answer in the hash `doors:answer:<id>`. */
export const DOORS_CHANNEL = "doors";
/** The same for controllers, who ask their nodes. */
export const NODES_CHANNEL = "nodes";
export const answerKey = (id: string): string => `doors:answer:${id}`;

export const doorsQuestionSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("list"),
    id: uuidSchema,
    userId: uuidSchema.nullable(),
    limit: z.number().int(),
  }),
  z.object({ kind: z.literal("end"), id: uuidSchema, connectionId: z.string() }),
]);
export type DoorsQuestion = z.infer<typeof doorsQuestionSchema>;

/** Of a live VPN connection bytes are not known: Xray counts by user. */
const liveBytesSchema = bytesSchema.nullable();

/** Of one process. */
export const doorsAnswerSchema = z.object({
  /** False: a node did not answer. */
  isComplete: z.boolean().optional(),
  /** It is there, and cannot be ended. */
  whyNot: z.string().optional(),
  /** All that match; `connections` holds the youngest of them. */
  open: z.number().int(),
  ended: z.number().int(),
  connections: z.array(
    z.object({
      id: z.string(),
      userId: uuidSchema,
      door: doorSchema,
      ip: z.string(),
      target: z.string().nullable(),
      upBytes: liveBytesSchema,
      downBytes: liveBytesSchema,
      since: z.number().int(),
    }),
  ),
});
export type DoorsAnswer = z.infer<typeof doorsAnswerSchema>;

export const connectionIdSchema = z.string().regex(/^[a-z0-9-]{1,60}$/, "This is no connection's id.");

export const connectionSchema = z.object({
  id: z.string(),
  userId: uuidSchema,
  userName: z.string(),
  door: doorSchema,
  /** The client's address. */
  ip: z.string(),
  /** host:port; null where the installation keeps no destinations, and of the VPN always. */
  target: z.string().nullable(),
  /** null: of a VPN connection, whose bytes are counted by user only. */
  upBytes: liveBytesSchema,
  downBytes: liveBytesSchema,
  openedAt: timeSchema,
});

export const connectionListSchema = z.object({
  /** The youngest first. */
  items: z.array(connectionSchema),
  /** How many are open; more than `items` where the list is cut. */
  open: z.number().int(),
  /** False: a process of the doors, or a node, did not answer in time. */
  isComplete: z.boolean(),
});
export type ConnectionList = z.infer<typeof connectionListSchema>;

export const listConnectionsQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

const countSchema = z.number().int().nonnegative();
const happenedSchema = z.object({
  opened: countSchema,
  ended: countSchema,
  /** Of those that ended, together. */
  durationSeconds: z.number().nonnegative(),
  /** By reason, as the metrics name it. */
  refused: z.record(z.string(), countSchema),
  lastSeenAt: timeSchema,
});

/** `GET /users/:ref/connections/history`: whole days in UTC. */
export const connectionHistorySchema = z.object({
  user: z.string(),
  from: timeSchema,
  to: timeSchema,
  /** All days together; a door without a row has not been used. */
  doors: z.array(happenedSchema.extend({ door: doorSchema })),
  /** The newest first. */
  days: z.array(happenedSchema.extend({ day: z.iso.date(), door: doorSchema })),
  /** The last clients that were let in, at most ten a door, the newest first. */
  addresses: z.array(z.object({ door: doorSchema, ip: z.string(), lastSeenAt: timeSchema })),
});
export type ConnectionHistory = z.infer<typeof connectionHistorySchema>;

export const connectionHistoryQuerySchema = z.object({
  days: z.coerce.number().int().min(1).max(366).default(30),
});
