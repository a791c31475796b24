import type { z } from "zod";
import { type apiTokenSchema, apiTokenScopeSchema } from "#lib/schemas/session.ts";
import type { Context } from "#server/context.ts";
import { forbidden } from "#server/errors.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

export type ApiToken = z.infer<typeof apiTokenSchema>;

export const tokenSelect = {
  id: true,
  name: true,
  scopes: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
} as const satisfies Prisma.ApiTokenSelect;

type TokenRow = Prisma.ApiTokenGetPayload<{ select: typeof tokenSelect }>;

export const parseScopes = (scopes: string[]) => apiTokenScopeSchema.array().parse(scopes);

export function toApiToken(row: TokenRow): ApiToken {
  return {
    id: row.id,
    name: row.name,
    scopes: parseScopes(row.scopes),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}

/** Tokens belong to people: the CLI and jobs have none to manage. */
export function tokenOwner({ actor }: Context): { id: string; name: string } {
  if (actor.kind !== "user" && actor.kind !== "token") throw forbidden("Only a person has API tokens.");
  return actor;
}
