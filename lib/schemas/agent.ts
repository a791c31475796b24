import { z } from "zod";
import { bytesSchema, uuidSchema } from "./common.ts";
import { revisionSchema } from "./internal.ts";

/**
 * Controller → node agent, JSON over HTTPS with mutual TLS (node CA; agent accepts only the SAN `controller`).
 *   GET  /v1/state                      AgentState
 *   PUT  /v1/snapshot                   NDJSON: SnapshotHeader, then one AgentUser a line → AgentState
 *   POST /v1/delta                      Delta → AgentState; 409 when `from` is not the applied revision
 *   GET  /v1/usage?limit=N              UsageJournal: unacknowledged batches in order
 *   POST /v1/usage/ack                  UsageAck → 204
 *   GET  /v1/connections?user=&limit=   ConnectionList: the youngest first
 *   POST /v1/connections/end            EndConnection → EndedConnection
 */
const millisSchema = z.number().int().nonnegative();

/** A user as the node holds it; only users whose VPN door is open (status active) are sent. */
export const agentUserSchema = z.object({
  id: uuidSchema,
  /** VLESS id. */
  vlessId: uuidSchema,
  expiresAt: millisSchema.nullable(),
  limitBytes: bytesSchema.nullable(),
  usedBytes: bytesSchema,
});
export type AgentUser = z.infer<typeof agentUserSchema>;

export const agentInboundSchema = z.object({
  tag: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  listen: z.string(),
  port: z.number().int().min(1).max(65535),
  acceptProxyProtocol: z.boolean(),
  serverName: z.string(),
  realityTarget: z.string(),
  realityPrivateKey: z.string(),
  shortIds: z.array(z.string()),
});
export type AgentInbound = z.infer<typeof agentInboundSchema>;

export const snapshotHeaderSchema = z.object({
  revision: revisionSchema,
  inbounds: z.array(agentInboundSchema),
  users: z.number().int(),
});

export const deltaSchema = z.strictObject({
  from: revisionSchema,
  to: revisionSchema,
  /** null = inbounds unchanged; else all of them (the agent restarts Xray). */
  inbounds: z.array(agentInboundSchema).nullable(),
  upsert: z.array(agentUserSchema),
  /** Ids whose VPN door is closed now: RemoveUser and end live connections. */
  remove: z.array(uuidSchema),
});
export type Delta = z.infer<typeof deltaSchema>;

export const agentStateSchema = z.object({
  /** New at each agent start. */
  boot: uuidSchema,
  revision: revisionSchema,
  /** Order-free digest over (id, vlessId) of the wanted users: see lib/user-digest.ts */
  usersDigest: z.string(),
  users: z.number().int(),
  xray: z.object({ isUp: z.boolean(), pid: z.number().int().nullable(), version: z.string().nullable() }),
  canCutLive: z.boolean(),
  driftHealed: z.number().int(),
  journalLength: z.number().int(),
});
export type AgentState = z.infer<typeof agentStateSchema>;

/** journalId is the usage `boot` of DESIGN: it names the journal on disk, and stays over agent restarts. */
export const usageJournalSchema = z.object({
  journalId: uuidSchema,
  batches: z.array(
    z.object({
      seq: z.number().int().positive(),
      at: millisSchema,
      entries: z.array(z.object({ userId: uuidSchema, upBytes: bytesSchema, downBytes: bytesSchema })),
    }),
  ),
});
export type UsageJournal = z.infer<typeof usageJournalSchema>;

export const usageAckSchema = z.strictObject({
  journalId: uuidSchema,
  seq: z.number().int().nonnegative(),
  totals: z.array(z.object({ userId: uuidSchema, usedBytes: bytesSchema })),
});
export type UsageAck = z.infer<typeof usageAckSchema>;

export const agentConnectionsSchema = z.object({
  /** All that match; `items` holds the youngest of them. */
  open: z.number().int(),
  items: z.array(
    z.object({
      /** Of one client's connection, until it closes. */
      id: z.string(),
      userId: uuidSchema,
      inbound: z.string(),
      ip: z.string(),
      port: z.number().int(),
      since: millisSchema,
    }),
  ),
});
export type AgentConnections = z.infer<typeof agentConnectionsSchema>;
export const agentConnectionsQuerySchema = z.object({
  user: uuidSchema.optional(),
  limit: z.coerce.number().int().min(0).max(1_000).default(1_000),
});

export const endAgentConnectionSchema = z.strictObject({ id: z.string() });
/** `whyNot`: it is here, but this node cannot end connections. */
export const endedAgentConnectionSchema = z.object({
  ended: z.number().int(),
  whyNot: z.string().nullable(),
});
export type EndedAgentConnection = z.infer<typeof endedAgentConnectionSchema>;
