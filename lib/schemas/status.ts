import { z } from "zod";
import { pageSchema, timeSchema, uuidSchema } from "./common.ts";
import { doorBytesSchema } from "./usage.ts";

export const PROGRAMS = [
  "traefik",
  "web",
  "controller",
  "proxy-auth",
  "node-agent",
  "xray",
  "postgres",
  "redis",
  "prometheus",
] as const;
export type ProgramName = (typeof PROGRAMS)[number];

export const programStatusSchema = z.object({
  name: z.enum(PROGRAMS),
  isUp: z.boolean(),
  /** In words: why it is not up, or (isUp true) what it lacks to do its whole job; null = nothing to say. */
  detail: z.string().nullable(),
});

/** What fires in Prometheus, in words. */
export const alertSchema = z.object({
  name: z.string(),
  severity: z.enum(["critical", "warning"]),
  summary: z.string(),
  /** What is cut off, and where to look first. */
  description: z.string(),
  since: timeSchema,
});

/** `GET /status`: what an operator reads first. */
export const statusSchema = z.object({
  version: z.string(),
  at: timeSchema,
  programs: z.array(programStatusSchema),
  users: z.object({
    total: z.number().int(),
    online: z.number().int(),
    active: z.number().int(),
    disabled: z.number().int(),
    limited: z.number().int(),
    expired: z.number().int(),
    onHold: z.number().int(),
  }),
  /** Since midnight UTC. */
  today: z.object({ vpn: doorBytesSchema, http: doorBytesSchema, socks: doorBytesSchema }),
  /** Critical ones first. */
  alerts: z.array(alertSchema).default([]),
  /** Sentences an operator should read, e.g. live VPN connections cannot be cut without CAP_NET_ADMIN. */
  notices: z.array(z.string()),
});
export type Status = z.infer<typeof statusSchema>;

export const nodeSchema = z.object({
  id: uuidSchema,
  name: z.string(),
  agentUrl: z.string(),
  isUp: z.boolean(),
  isXrayUp: z.boolean(),
  xrayVersion: z.string().nullable(),
  canCutLive: z.boolean(),
  revisionBehind: z.number().int(),
  lastError: z.string().nullable(),
  seenAt: timeSchema.nullable(),
  inbounds: z.array(
    z.object({
      tag: z.string(),
      port: z.number().int(),
      serverName: z.string(),
      realityPublicKey: z.string(),
    }),
  ),
  /** How it joined; null = made together with the installation. */
  enrolment: z.object({ isPending: z.boolean(), expiresAt: timeSchema }).nullable().default(null),
});
export type NodeInfo = z.infer<typeof nodeSchema>;
export const nodeListSchema = z.object({ items: z.array(nodeSchema) });

export const auditEntrySchema = z.object({
  id: z.string(),
  at: timeSchema,
  actor: z.string(),
  action: z.string(),
  targetKind: z.string(),
  targetName: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  ip: z.string().nullable(),
  requestId: z.string().nullable(),
});
export const auditPageSchema = pageSchema(auditEntrySchema).omit({ total: true });
export const auditQuerySchema = z.object({
  user: z.string().max(64).optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
