import { z } from "zod";
import { apiTokenScopes } from "#lib/api-token-scopes.ts";

export const EXPIRY_CHOICES = ["30", "90", "365", "never"] as const;
export type ExpiryChoice = (typeof EXPIRY_CHOICES)[number];

/** What the form holds; the sentences are keys of messages `settings`. */
export const tokenFormSchema = z.object({
  name: z.string().trim().min(1, "nameMissing").max(80),
  scopes: z.array(z.enum(apiTokenScopes)).min(1, "scopesMissing"),
  expiry: z.enum(EXPIRY_CHOICES),
});
export type TokenForm = z.infer<typeof tokenFormSchema>;

const DAY_MS = 86_400_000;

export function toExpiresAt(expiry: ExpiryChoice, now: number): string | null {
  return expiry === "never" ? null : new Date(now + Number(expiry) * DAY_MS).toISOString();
}
