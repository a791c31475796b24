import type { Redis } from "ioredis";
import { DOORS_CHANNEL, type DoorsAnswer, type DoorsQuestion } from "#lib/schemas/connection.ts";
import { answerPanel } from "#server/answer-panel.ts";
import type { Logger } from "#server/logger.ts";
import type { Accounts } from "../usage/accounts.ts";

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
  answerPanel({ ...options, channel: DOORS_CHANNEL, answer: (question) => answer(question, options) });
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
