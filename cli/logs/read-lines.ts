import { setTimeout as sleep } from "node:timers/promises";
import type { LogLine, LogQuery } from "#lib/schemas/log.ts";
import type { LogReader } from "./log-reader.ts";

const PAGE = 500;
/** Lines are written a moment after their time: so far back is looked again. */
const OVERLAP_MS = 2_000;
const REMEMBERED = 5_000;

/** The last lines that fit, the oldest first. */
export async function readLastLines(reader: LogReader, query: LogQuery, count: number): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let cursor: string | null = null;
  do {
    const limit = Math.min(PAGE, count - lines.length);
    const page = await reader.search({ ...query, limit, ...(cursor === null ? {} : { cursor }) });
    lines.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && lines.length < count);
  return lines.toReversed();
}

/** Lines as they come, from where `shown` ended; across files that are put aside, and across a panel that is away. */
export async function followLines(options: {
  reader: LogReader;
  query: LogQuery;
  shown: readonly LogLine[];
  everyMs: number;
  now: () => number;
  onLines: (lines: LogLine[]) => void;
  /** In words, once; null = it works again. */
  onTrouble: (error: Error | null) => void;
}): Promise<never> {
  const { reader, query, onLines, onTrouble } = options;
  const known = new Set(options.shown.map(({ id }) => id));
  let newest = Date.parse(options.shown.at(-1)?.time ?? new Date(options.now()).toISOString());
  let isInTrouble = false;
  for (;;) {
    await sleep(options.everyMs);
    try {
      const from = new Date(newest - OVERLAP_MS).toISOString();
      const fresh = (await readLastLines(reader, { ...query, from }, PAGE * 4)).filter(
        ({ id }) => !known.has(id),
      );
      for (const { id, time } of fresh) {
        known.add(id);
        newest = Math.max(newest, Date.parse(time));
      }
      for (const id of [...known].slice(0, Math.max(0, known.size - REMEMBERED))) known.delete(id);
      if (fresh.length > 0) onLines(fresh);
      if (isInTrouble) onTrouble(null);
      isInTrouble = false;
    } catch (error) {
      if (!isInTrouble) onTrouble(error as Error);
      isInTrouble = true;
    }
  }
}
