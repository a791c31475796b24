import type { z } from "zod";
import { type apiTokenSchema, apiTokenScopeSchema } from "#lib/schemas/session.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden } from "#server/errors.ts";

/** The acting person's own tokens that still work, newest first. */
export async function listTokens({ ctx }: { ctx: Context }): Promise<z.infer<typeof apiTokenSchema>[]> {
  if (ctx.actor.kind !== "user" && ctx.actor.kind !== "token") throw forbidden("This actor has no tokens.");
  const rows = await getDb().apiToken.findMany({
    where: {
      userId: ctx.actor.id,
      revokedAt: null,
      OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
    },
    orderBy: { createdAt: "desc" },
    take: 200,
  });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: row.scopes.map((scope) => apiTokenScopeSchema.parse(scope)),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }));
}
