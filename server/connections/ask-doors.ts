import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import {
  answerKey,
  DOORS_CHANNEL,
  type DoorsAnswer,
  type DoorsQuestion,
  doorsAnswerSchema,
  type NODES_CHANNEL,
} from "#lib/schemas/connection.ts";
import { unavailable } from "#server/errors.ts";

const ANSWER_WITHIN_MS = 800;
const LOOK_EVERY_MS = 10;

/** Asks every proxy-auth process, or every controller about its nodes, through Redis. Throws UNAVAILABLE while Redis is away. */
export async function askDoors(
  redis: Redis,
  question: DoorsQuestion,
  channel: typeof DOORS_CHANNEL | typeof NODES_CHANNEL = DOORS_CHANNEL,
): Promise<{ answers: DoorsAnswer[]; isComplete: boolean }> {
  try {
    const asked = await redis.publish(channel, JSON.stringify(question));
    if (asked === 0) return { answers: [], isComplete: false };
    const key = answerKey(question.id);
    const until = performance.now() + ANSWER_WITHIN_MS;
    while (performance.now() < until && (await redis.hlen(key)) < asked) await sleep(LOOK_EVERY_MS);
    const texts = Object.values(await redis.hgetall(key));
    const answers = texts.map((text) => doorsAnswerSchema.parse(JSON.parse(text)));
    const isComplete = answers.length >= asked && answers.every((answer) => answer.isComplete !== false);
    return { answers, isComplete };
  } catch (error) {
    throw unavailable("The doors cannot be asked: Redis is away. Try again in a moment.", error);
  }
}
