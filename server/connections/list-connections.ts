import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { type ConnectionList, NODES_CHANNEL } from "#lib/schemas/connection.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden } from "#server/errors.ts";
import { getReadableRow } from "#server/users/user-row.ts";
import { askDoors } from "./ask-doors.ts";

/** What is open at the doors now, of everybody (operators) or of one user, the youngest first. */
export async function listConnections(options: {
  ctx: Context;
  redis: Redis;
  limit: number;
  /** Left out: everybody's. */
  ref?: string;
}): Promise<ConnectionList> {
  const { ctx, redis, limit, ref } = options;
  if (ref === undefined && ctx.actor.role === "user") throw forbidden();
  const user = ref === undefined ? null : await getReadableRow(ctx, ref);
  const question = { kind: "list", userId: user?.id ?? null, limit } as const;
  const asked = await Promise.all([
    askDoors(redis, { ...question, id: randomUUID() }),
    askDoors(redis, { ...question, id: randomUUID() }, NODES_CHANNEL),
  ]);
  const answers = asked.flatMap((side) => side.answers);
  const found = answers
    .flatMap(({ connections }) => connections)
    .toSorted((a, b) => b.since - a.since)
    .slice(0, limit);
  const names = await namesOf([...new Set(found.map(({ userId }) => userId))]);
  return {
    items: found.map(({ since, ...connection }) => ({
      ...connection,
      userName: names.get(connection.userId) ?? "",
      openedAt: new Date(since).toISOString(),
    })),
    open: answers.reduce((sum, { open }) => sum + open, 0),
    isComplete: asked.every((side) => side.isComplete),
  };
}

async function namesOf(ids: string[]): Promise<Map<string, string>> {
  const rows = await getDb().user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}
