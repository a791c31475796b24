import { z } from "zod";
import { heldRuleSchema } from "./access.ts";
import { bytesSchema, uuidSchema } from "./common.ts";
import { destinationsSchema } from "./group.ts";
import { apiTokenScopeSchema } from "./session.ts";
import { doorSchema } from "./usage.ts";
import { roleSchema, userStatusSchema } from "./user.ts";

/** Times on the internal wire are milliseconds since 1970; revisions are plain numbers. */
const millisSchema = z.number().int().nonnegative();
export const revisionSchema = z.number().int().nonnegative();

/** What proxy-auth decides on. `proxyHash` = base64 of HMAC-SHA-256(key of the header line, proxy password). */
export const replicaUserSchema = z.object({
  id: uuidSchema,
  name: z.string(),
  email: z.string().nullable(),
  role: roleSchema,
  status: userStatusSchema,
  expiresAt: millisSchema.nullable(),
  limitBytes: bytesSchema.nullable(),
  usedBytes: bytesSchema,
  proxyHash: z.string(),
  /** Of one user, over all proxy doors and processes; null = the installation's. */
  limits: z
    .object({
      maxTunnels: z.number().int().positive().nullable(),
      rateBitsPerSecond: z.number().int().positive().nullable(),
    })
    .optional(),
  /** Group ids; one that is not among the groups counts as none. */
  groups: z.array(uuidSchema).default([]),
});
export type ReplicaUser = z.infer<typeof replicaUserSchema>;

/** What proxy-auth knows of a group; `name` goes to upstreams. */
export const replicaGroupSchema = z.object({
  id: uuidSchema,
  name: z.string(),
  destinations: destinationsSchema,
});
export type ReplicaGroup = z.infer<typeof replicaGroupSchema>;

/** The rules of ForwardAuth in force, groups by id. */
export const replicaAccessSchema = z.object({
  version: z.number().int(),
  rules: z.array(heldRuleSchema),
});
export type ReplicaAccess = z.infer<typeof replicaAccessSchema>;

/** `GET /internal/replica`: NDJSON, this line first, then one ReplicaUser a line. */
export const replicaHeaderSchema = z.object({
  revision: revisionSchema,
  users: z.number().int(),
  /** base64, 32 bytes; kept in memory only. */
  proxyPasswordKey: z.string(),
  groups: z.array(replicaGroupSchema).default([]),
  /** null: a copy on disk older than the rules; what is installed holds until the panel is heard. */
  access: replicaAccessSchema.nullable().default(null),
});

/** `GET /internal/changes?after=N`: current rows of what changed after N, or isPruned: take the replica again. */
export const changesSchema = z.object({
  revision: revisionSchema,
  isPruned: z.boolean(),
  users: z.array(z.object({ id: uuidSchema, user: replicaUserSchema.nullable() })),
  groups: z.array(z.object({ id: uuidSchema, group: replicaGroupSchema.nullable() })).default([]),
  /** Whole, when it changed. */
  access: replicaAccessSchema.nullable().default(null),
  /** Every change after N: `at` is when its row was made. */
  changed: z.array(z.object({ revision: revisionSchema, kind: z.string(), at: millisSchema })).default([]),
  /** Hex SHA-256 of ended sessions' ids. */
  endedSessions: z.array(z.string()),
  /** Ids of revoked API tokens. */
  revokedTokens: z.array(uuidSchema),
});
export type Changes = z.infer<typeof changesSchema>;

/** `GET /internal/users/by-name/:name` */
export const userByNameSchema = z.object({ revision: revisionSchema, user: replicaUserSchema.nullable() });

/** `GET /internal/users/:id/addresses`: where the user was last let in from. */
export const clientAddressesSchema = z.object({ addresses: z.array(z.string()) });

/** `GET /internal/sessions/:idHash` (hex) → this or 404. Same shape in Redis at `session:<idHash>`. */
export const sessionRecordSchema = z.object({
  userId: uuidSchema,
  host: z.string(),
  expiresAt: millisSchema,
});
export type SessionRecord = z.infer<typeof sessionRecordSchema>;

/** `POST /internal/tokens/verify`: hex SHA-256 of the token → this or 404. userId null = local-cli. */
export const verifyTokenInputSchema = z.strictObject({ tokenHash: z.string().regex(/^[0-9a-f]{64}$/) });
export const tokenRecordSchema = z.object({
  tokenId: uuidSchema,
  userId: uuidSchema.nullable(),
  scopes: z.array(apiTokenScopeSchema),
  expiresAt: millisSchema.nullable(),
});
export type TokenRecord = z.infer<typeof tokenRecordSchema>;

/** What happened at a door beside the bytes: `refused` by reason, `addresses` = when each client was last let in. */
const countSchema = z.number().int().nonnegative();
const doorConnectionsSchema = z.strictObject({
  opened: countSchema,
  ended: countSchema,
  /** Of those that ended. */
  durationMs: countSchema,
  refused: z.record(z.string().max(40), countSchema),
  addresses: z.record(z.string().max(45), millisSchema),
});
export type DoorConnections = z.infer<typeof doorConnectionsSchema>;

/**
 * `POST /internal/usage`: one journal batch. (source, boot, seq) is applied once; a repeat answers the same way.
 * seq grows by one from 1 within a boot. An entry of an unknown user is counted and dropped.
 */
export const usageBatchSchema = z.strictObject({
  source: z.string().min(1).max(80),
  boot: uuidSchema,
  seq: z.number().int().positive(),
  entries: z
    .array(
      z.strictObject({
        userId: uuidSchema,
        door: doorSchema,
        upBytes: bytesSchema,
        downBytes: bytesSchema,
        at: millisSchema,
        connections: doorConnectionsSchema.optional(),
      }),
    )
    .max(50_000),
});
export type UsageBatch = z.infer<typeof usageBatchSchema>;
/** Totals after the batch, for the users in it: the door sets usedBytes = this. */
export const usageTotalsSchema = z.object({
  lastSeq: z.number().int(),
  totals: z.array(z.object({ userId: uuidSchema, usedBytes: bytesSchema })),
});
export type UsageTotals = z.infer<typeof usageTotalsSchema>;

/** Redis channel on which writers say "up to N" (the message is N in decimal). */
export const CHANGES_CHANNEL = "changes";
