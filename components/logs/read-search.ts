import type { LogFilters } from "./log-query.ts";

const WORDS = { user: "user", request: "requestId", trace: "traceId", program: "program" } as const;
const TOKEN = /(?:^|\s)(user|request|trace|program):(\S+)/g;

/** `user:ada timeout` = the filter user and the text `timeout`. */
export function readSearch(typed: string): Partial<LogFilters> {
  const filters: Partial<LogFilters> = {};
  const text = typed.replaceAll(TOKEN, (_, word: keyof typeof WORDS, value: string) => {
    filters[WORDS[word]] = value;
    return " ";
  });
  return { ...filters, text: text.trim() || null };
}
