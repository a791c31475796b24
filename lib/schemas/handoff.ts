import { z } from "zod";

/** base64url of 32 bytes: a code, a nonce, or a SHA-256. */
const secretSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What the panel keeps under a code for 30 s, in Redis at `handoff:<hex SHA-256 of the code>`. */
export const handoffSchema = z.object({
  userId: z.uuid(),
  sessionId: z.uuid(),
  /** host[:port] as the browser has it; the session is valid there only. */
  host: z.string().max(255),
  url: z.url(),
  /** base64url SHA-256 of the nonce in the browser's cookie of that host. */
  state: secretSchema,
});
export type Handoff = z.infer<typeof handoffSchema>;

/** `POST /internal/handoffs/redeem`: a code, once, from the browser that asked for it → this or 404. */
export const redeemHandoffInputSchema = z.strictObject({
  code: secretSchema,
  host: z.string().min(1).max(255),
  state: secretSchema,
  ip: z.string().max(45),
  userAgent: z.string().max(300),
});
export type RedeemHandoffInput = z.infer<typeof redeemHandoffInputSchema>;
export const redeemedHandoffSchema = z.object({
  /** The cookie's value. */
  sessionId: secretSchema,
  url: z.url(),
});
export type RedeemedHandoff = z.infer<typeof redeemedHandoffSchema>;

/** Query of the panel's `/login` and `/login/continue`. */
export const handoffStateSchema = secretSchema;
