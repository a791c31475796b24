import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { recordAudit } from "#server/audit/record-audit.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, notFound } from "#server/errors.ts";
import { askDoors } from "./ask-doors.ts";

/** Ends one connection of the proxy doors. Its user may open another at once: disable the user to prevent that. */
export async function endConnection(options: { ctx: Context; redis: Redis; id: string }): Promise<void> {
  const { ctx, redis, id } = options;
  if (ctx.actor.role === "user") throw forbidden();
  const { answers } = await askDoors(redis, { kind: "end", id: randomUUID(), connectionId: id });
  if (!answers.some(({ ended }) => ended > 0)) throw notFound("connection", id);
  await recordAudit(getDb(), { ctx, action: "connection.end", targetKind: "connection", targetName: id });
}
