import { z } from "zod";
import { CREDENTIAL_KINDS, RESET_PERIODS, ROLES, USER_STATUSES } from "../user-terms.ts";
import { bytesSchema, pageSchema, timeSchema, uuidSchema } from "./common.ts";

export { CREDENTIAL_KINDS, RESET_PERIODS, ROLES, USER_STATUSES };
export const roleSchema = z.enum(ROLES);
export const userStatusSchema = z.enum(USER_STATUSES);
export const resetPeriodSchema = z.enum(RESET_PERIODS);
export const credentialKindSchema = z.enum(CREDENTIAL_KINDS);
export type Role = z.infer<typeof roleSchema>;
export type UserStatus = z.infer<typeof userStatusSchema>;
export type ResetPeriod = z.infer<typeof resetPeriodSchema>;
export type CredentialKind = z.infer<typeof credentialKindSchema>;

/** Names that mean something else in a URL or to a program. */
const RESERVED_NAMES = new Set(["me", "local-cli", "system"]);

export const userNameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,31}$/,
    "Use 1 to 32 of a–z, 0–9, dot, dash and underscore, starting with a letter or digit.",
  )
  .refine((name) => !RESERVED_NAMES.has(name), "This name is reserved. Choose another.");

export const panelPasswordSchema = z
  .string()
  .min(10, "Use at least 10 characters.")
  .max(200, "Use at most 200 characters.");

const limitBytesSchema = bytesSchema.positive("Leave it empty for no limit.").nullable();
/** Of the proxy doors; null = what the installation allows. */
const maxTunnelsSchema = z
  .number()
  .int()
  .min(1, "Use at least 1.")
  .max(100_000, "Use at most 100,000.")
  .nullable();
const rateLimitSchema = z
  .number()
  .int()
  .min(64_000, "Use at least 64 kbit/s.")
  .max(1_000_000_000_000, "Use at most 1 Tbit/s.")
  .nullable();
const expiresAtSchema = timeSchema.nullable();
const noteSchema = z.string().max(500, "Use at most 500 characters.");
const emailSchema = z.email("Write an address like ada@example.org.").max(254).nullable();

const groupNamesSchema = z.array(z.string().max(64)).max(50, "A user takes at most 50 groups.");

/** null = unlimited / never. */
export const createUserInputSchema = z.strictObject({
  name: userNameSchema,
  email: emailSchema.default(null),
  role: roleSchema.default("user"),
  note: noteSchema.default(""),
  limitBytes: limitBytesSchema.default(null),
  maxTunnels: maxTunnelsSchema.optional(),
  rateLimitBitsPerSecond: rateLimitSchema.optional(),
  resetPeriod: resetPeriodSchema.default("never"),
  expiresAt: expiresAtSchema.default(null),
  /** Names; left out: none. */
  groups: groupNamesSchema.optional(),
});
export type CreateUserInput = z.infer<typeof createUserInputSchema>;

/** What is left out stays as it is. The name is immutable. */
export const updateUserInputSchema = z.strictObject({
  email: emailSchema.optional(),
  role: roleSchema.optional(),
  note: noteSchema.optional(),
  limitBytes: limitBytesSchema.optional(),
  maxTunnels: maxTunnelsSchema.optional(),
  rateLimitBitsPerSecond: rateLimitSchema.optional(),
  resetPeriod: resetPeriodSchema.optional(),
  expiresAt: expiresAtSchema.optional(),
  /** Names: exactly these from now on. */
  groups: groupNamesSchema.optional(),
});
export type UpdateUserInput = z.infer<typeof updateUserInputSchema>;

export const rotateInputSchema = z.strictObject({
  /** Left out: all three. */
  only: credentialKindSchema.optional(),
});

export const listUsersQuerySchema = z.object({
  /** Matches name, e-mail and note, case-insensitively. */
  query: z.string().max(100).optional(),
  status: userStatusSchema.optional(),
  role: roleSchema.optional(),
  online: z.enum(["true"]).optional(),
  /** Members of the group of this name. */
  group: z.string().max(64).optional(),
  sort: z.enum(["name", "createdAt", "usedBytes", "expiresAt"]).default("name"),
  order: z.enum(["asc", "desc"]).default("asc"),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ListUsersQuery = z.infer<typeof listUsersQuerySchema>;

/** A user without secrets: `user show`, lists, every answer that is not asked for secrets. */
export const userSchema = z.object({
  id: uuidSchema,
  name: z.string(),
  email: z.string().nullable(),
  role: roleSchema,
  status: userStatusSchema,
  note: z.string(),
  limitBytes: bytesSchema.nullable(),
  /** Of the proxy doors: open at once, and speed; null = what the installation allows. */
  maxTunnels: z.number().int().nullable().optional(),
  rateLimitBitsPerSecond: z.number().int().nullable().optional(),
  usedBytes: bytesSchema,
  resetPeriod: resetPeriodSchema,
  nextResetAt: timeSchema.nullable(),
  expiresAt: timeSchema.nullable(),
  /** Last time bytes of this user moved through any metered door; null = never. */
  onlineAt: timeSchema.nullable(),
  isOnline: z.boolean(),
  hasPassword: z.boolean(),
  /** Names, in order. */
  groups: z.array(z.string()),
  createdAt: timeSchema,
  /** In the answer to `disable` only: what was open at the proxy doors. */
  endedConnections: z.number().int().nullable().optional(),
});
export type User = z.infer<typeof userSchema>;
export const userPageSchema = pageSchema(userSchema);

/** What opens the doors. Answered by create, `links` and `rotate` only, never cached. */
export const userSecretsSchema = userSchema.extend({
  vlessLinks: z.array(z.string()),
  subscriptionUrl: z.string(),
  /** Only where one was made by this very call (create, invite). */
  invite: z.object({ url: z.string(), expiresAt: timeSchema }).nullable(),
  proxy: z.object({
    username: z.string(),
    password: z.string(),
    httpUrl: z.string(),
    socksUrl: z.string(),
  }),
});
export type UserSecrets = z.infer<typeof userSecretsSchema>;

export const inviteSchema = z.object({ url: z.string(), expiresAt: timeSchema });
export type Invite = z.infer<typeof inviteSchema>;
