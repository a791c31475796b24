import { z } from "zod";
import { apiTokenScopes } from "../api-token-scopes.ts";
import { timeSchema, uuidSchema } from "./common.ts";
import { panelPasswordSchema, roleSchema, userNameSchema } from "./user.ts";

export const loginInputSchema = z.strictObject({
  name: z.string().min(1, "Type your name.").max(254),
  password: z.string().min(1, "Type your password.").max(200),
});

export const acceptInviteInputSchema = z.strictObject({ password: panelPasswordSchema });
/** `GET /invites/:token` */
export const inviteInfoSchema = z.object({ name: userNameSchema, expiresAt: timeSchema });

export const changePasswordInputSchema = z.strictObject({
  currentPassword: z.string().min(1, "Type your current password.").max(200),
  newPassword: panelPasswordSchema,
});

/** One of a user's own sign-ins. */
export const sessionSchema = z.object({
  id: uuidSchema,
  isCurrent: z.boolean(),
  ip: z.string(),
  userAgent: z.string(),
  createdAt: timeSchema,
  lastSeenAt: timeSchema,
  expiresAt: timeSchema,
});
export type SessionInfo = z.infer<typeof sessionSchema>;
export const sessionListSchema = z.object({ items: z.array(sessionSchema) });

export { apiTokenScopes };
export const apiTokenScopeSchema = z.enum(apiTokenScopes);
export const createTokenInputSchema = z.strictObject({
  name: z.string().min(1).max(80),
  scopes: z.array(apiTokenScopeSchema).min(1),
  expiresAt: timeSchema.nullable().default(null),
});
export const apiTokenSchema = z.object({
  id: uuidSchema,
  name: z.string(),
  scopes: z.array(apiTokenScopeSchema),
  createdAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  lastUsedAt: timeSchema.nullable(),
});
export const apiTokenListSchema = z.object({ items: z.array(apiTokenSchema) });
/** The token itself is answered once, by create. */
export const createdTokenSchema = apiTokenSchema.extend({ token: z.string() });

export const meSchema = z.object({
  id: uuidSchema,
  name: z.string(),
  role: roleSchema,
  email: z.string().nullable(),
});
export type Me = z.infer<typeof meSchema>;
