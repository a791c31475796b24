import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { DOORS_CHANNEL, NODES_CHANNEL } from "#lib/schemas/connection.ts";
import { recordAudit } from "#server/audit/record-audit.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { conflict, forbidden, notFound } from "#server/errors.ts";
import { askDoors } from "./ask-doors.ts";

/** Ends one connection. Its user may open another at once: disable the user to prevent that. */
export async function endConnection(options: { ctx: Context; redis: Redis; id: string }): Promise<void> {
  const { ctx, redis, id } = options;
  if (ctx.actor.role === "user") throw forbidden();
  const question = { kind: "end", id: randomUUID(), connectionId: id } as const;
  const { answers } = await askDoors(redis, question, id.startsWith("vpn-") ? NODES_CHANNEL : DOORS_CHANNEL);
  const whyNot = answers.find((answer) => answer.whyNot !== undefined)?.whyNot;
  if (whyNot !== undefined) throw conflict(whyNot);
  if (!answers.some(({ ended }) => ended > 0)) throw notFound("connection", id);
  await recordAudit(getDb(), { ctx, action: "connection.end", targetKind: "connection", targetName: id });
}
