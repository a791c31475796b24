import type { z } from "zod";
import { type auditPageSchema, auditQuerySchema } from "#lib/schemas/status.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, invalidInput } from "#server/errors.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who did what, newest first. `user` (id or name) = entries about this user, also after their deletion. */
export async function listAudit({
  ctx,
  query: input,
}: {
  ctx: Context;
  query: z.input<typeof auditQuerySchema>;
}): Promise<z.infer<typeof auditPageSchema>> {
  if (ctx.actor.role === "user") throw forbidden();
  const query = auditQuerySchema.parse(input);
  const where: Prisma.AuditEntryWhereInput = {};
  if (query.user !== undefined)
    Object.assign(
      where,
      { targetKind: "user" },
      UUID.test(query.user) ? { targetId: query.user.toLowerCase() } : { targetName: query.user },
    );
  if (query.cursor !== undefined) {
    if (!/^\d{1,18}$/.test(query.cursor))
      throw invalidInput("This cursor is not one of ours. Start from the first page.");
    where.id = { lt: BigInt(query.cursor) };
  }
  const rows = await getDb().auditEntry.findMany({ where, orderBy: { id: "desc" }, take: query.limit + 1 });
  const shown = rows.slice(0, query.limit);
  return {
    items: shown.map((row) => ({
      id: String(row.id),
      at: row.at.toISOString(),
      actor: row.actorName,
      action: row.action,
      targetKind: row.targetKind,
      targetName: row.targetName,
      details: row.details as Record<string, unknown>,
      ip: row.ip,
      requestId: row.requestId,
    })),
    nextCursor: rows.length > query.limit ? String(shown.at(-1)?.id) : null,
  };
}
