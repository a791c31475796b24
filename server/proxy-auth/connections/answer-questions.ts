import type { Redis } from "ioredis";
import {
  answerKey,
  DOORS_CHANNEL,
  type DoorsAnswer,
  type DoorsQuestion,
  doorsQuestionSchema,
} from "#lib/schemas/connection.ts";
import type { Logger } from "#server/logger.ts";
import type { Accounts } from "../usage/accounts.ts";

const KEPT_MS = 5_000;

type Options = {
  redis: Redis;
  subscriber: Redis;
  /** This process, among those that answer. */
  process: string;
  accounts: Accounts;
  /** Whether targets may be told. */
  keepsDestinations: boolean;
  logger: Logger;
};

/** Answers what the panel asks of all proxy-auth processes: what is open here, and "end this one". */
export function answerQuestions(options: Options): void {
  const { redis, subscriber, process, logger } = options;
  const onQuestion = async (text: string) => {
    const question = doorsQuestionSchema.parse(JSON.parse(text));
    const key = answerKey(question.id);
    await redis.hset(key, process, JSON.stringify(answer(question, options)));
    await redis.pexpire(key, KEPT_MS);
  };
  subscriber.on("message", (channel: string, text: string) => {
    if (channel !== DOORS_CHANNEL) return;
    onQuestion(text).catch((error: unknown) =>
      logger.warn({ err: error }, "a question of the panel was not answered"),
    );
  });
  subscriber
    .subscribe(DOORS_CHANNEL)
    .catch((error: unknown) => logger.warn({ err: error }, "cannot listen for the panel's questions"));
}

function answer(question: DoorsQuestion, { accounts, keepsDestinations }: Options): DoorsAnswer {
  const found: DoorsAnswer["connections"] = [];
  let open = 0;
  let ended = 0;
  for (const account of accounts.all()) {
    if (question.kind === "list" && question.userId !== null && question.userId !== account.userId) continue;
    for (const item of [...account.open]) {
      const seen = item.describe?.() ?? null;
      if (seen === null) continue;
      open += 1;
      if (question.kind === "list") {
        found.push({ ...seen, userId: account.userId, target: keepsDestinations ? seen.target : null });
      } else if (seen.id === question.connectionId) {
        item.cut("ended");
        ended += 1;
      }
    }
  }
  const youngest = found.sort((a, b) => b.since - a.since);
  return { open, ended, connections: question.kind === "list" ? youngest.slice(0, question.limit) : [] };
}
