import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { askDoors } from "./ask-doors.ts";

/** How many a user has open at the proxy doors; null = nobody could say. */
export async function countOpen(redis: Redis, userId: string): Promise<number | null> {
  const question = { kind: "list", id: randomUUID(), userId, limit: 0 } as const;
  const asked = await askDoors(redis, question).catch(() => null);
  return asked?.isComplete ? asked.answers.reduce((sum, { open }) => sum + open, 0) : null;
}
