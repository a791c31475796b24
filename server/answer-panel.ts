import type { Redis } from "ioredis";
import {
  answerKey,
  type DOORS_CHANNEL,
  type DoorsAnswer,
  type DoorsQuestion,
  doorsQuestionSchema,
  type NODES_CHANNEL,
} from "#lib/schemas/connection.ts";
import type { Logger } from "#server/logger.ts";

const KEPT_MS = 5_000;

/** Answers what the panel asks of all processes on a channel at once (server/connections/ask-doors.ts). */
export function answerPanel(options: {
  redis: Redis;
  subscriber: Redis;
  channel: typeof DOORS_CHANNEL | typeof NODES_CHANNEL;
  /** This process, among those that answer. */
  process: string;
  answer: (question: DoorsQuestion) => DoorsAnswer | Promise<DoorsAnswer>;
  logger: Logger;
}): void {
  const { redis, subscriber, channel, process, answer, logger } = options;
  const onQuestion = async (text: string) => {
    const question = doorsQuestionSchema.parse(JSON.parse(text));
    const key = answerKey(question.id);
    await redis.hset(key, process, JSON.stringify(await answer(question)));
    await redis.pexpire(key, KEPT_MS);
  };
  subscriber.on("message", (heard: string, text: string) => {
    if (heard !== channel) return;
    onQuestion(text).catch((error: unknown) =>
      logger.warn({ err: error }, "a question of the panel was not answered"),
    );
  });
  subscriber
    .subscribe(channel)
    .catch((error: unknown) => logger.warn({ err: error }, "cannot listen for the panel's questions"));
}
