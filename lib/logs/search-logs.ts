import type { LogLine, LogPage } from "../schemas/log.ts";
import { createLineFilter, createTextFilter, type LogFilter } from "./log-filter.ts";
import { BackwardReader, findEnd, type LogSource } from "./read-lines-back.ts";

/** Files of one stream of lines, the newest first. */
export type LogStream = readonly LogSource[];

export type LogSearch = {
  streams: readonly LogStream[];
  filter: LogFilter;
  from: number | null;
  to: number | null;
  cursor: string | null;
  limit: number;
  /** A search that finds little stops here and says how far it came. */
  maxBytes: number;
  maxMs: number;
};

/** How many lines of the last millisecond were given already. */
type Cursor = { time: number; skip: number };
const CURSOR = /^(\d{1,15})-(\d{1,9})$/;
/** null: not one of ours. */
export function parseLogCursor(text: string): Cursor | null {
  const match = CURSOR.exec(text);
  return match ? { time: Number(match[1]), skip: Number(match[2]) } : null;
}

/**
 * The newest lines that fit, over all files, with what can be held in memory: of each stream as many blocks are read as
 * it takes to know that nothing newer is to come.
 */
export async function searchLogs(search: LogSearch): Promise<LogPage> {
  const { filter, limit } = search;
  const start = search.cursor === null ? null : parseLogCursor(search.cursor);
  const to = Math.min(start?.time ?? Number.POSITIVE_INFINITY, search.to ?? Number.POSITIVE_INFINITY);
  const from = search.from ?? Number.NEGATIVE_INFINITY;
  const fits = createLineFilter(filter);
  const within = (line: LogLine) => {
    const time = Date.parse(line.time);
    return time <= to && time >= from && fits(line);
  };
  const filters = { text: createTextFilter(filter), line: within };
  const streams = search.streams.map((files) => new StreamReader(files, { to, from, ...filters }));
  const deadline = Date.now() + search.maxMs;
  let bytes = 0;
  const items: LogLine[] = [];
  const waiting: LogLine[] = [];
  let skip = start?.skip ?? 0;
  for (;;) {
    const newest = streams.reduce<StreamReader | null>(
      (best, stream) => (stream.isDone || (best && best.oldest >= stream.oldest) ? best : stream),
      null,
    );
    const horizon = newest?.oldest ?? Number.NEGATIVE_INFINITY;
    waiting.sort(byTime);
    while (waiting.length > 0 && items.length <= limit) {
      const [line] = waiting;
      if (!line || Date.parse(line.time) <= horizon) break;
      waiting.shift();
      if (skip > 0 && Date.parse(line.time) === start?.time) skip -= 1;
      else items.push(line);
    }
    if (items.length > limit) return page(items.slice(0, limit), start, null);
    if (newest === null) return { items, nextCursor: null, searchedUntil: null };
    if (bytes >= search.maxBytes || Date.now() >= deadline) return page(items, start, horizon);
    const block = await newest.next();
    bytes += block.bytes;
    for (const line of block.lines) waiting.push(line);
  }
}

/** The cursor goes on behind the last line, or where the search was given up. */
function page(items: LogLine[], start: Cursor | null, horizon: number | null): LogPage {
  const last = items.at(-1);
  if (horizon !== null || !last) {
    const until = Math.floor(horizon ?? 0);
    return { items, nextCursor: `${until}-0`, searchedUntil: new Date(until).toISOString() };
  }
  const time = Date.parse(last.time);
  const same = items.filter((line) => Date.parse(line.time) === time).length;
  const before = start?.time === time ? start.skip : 0;
  return { items, nextCursor: `${time}-${same + before}`, searchedUntil: null };
}

/** Newest first; within a millisecond always the same order, so that a cursor can count. */
function byTime(a: LogLine, b: LogLine): number {
  return Date.parse(b.time) - Date.parse(a.time) || compareIds(a.id, b.id);
}

function compareIds(a: string, b: string): number {
  const [fileA = "", placeA] = a.split(/:(?=\d+$)/);
  const [fileB = "", placeB] = b.split(/:(?=\d+$)/);
  return fileA === fileB ? Number(placeB) - Number(placeA) : fileA < fileB ? -1 : 1;
}

type Range = { to: number; from: number };

/** One stream over its files, from the newest block on. */
class StreamReader {
  readonly #files: LogSource[];
  readonly #options: Range & ConstructorParameters<typeof BackwardReader>[2];
  #reader: BackwardReader | null = null;
  oldest: number;

  constructor(
    files: LogStream,
    options: Range & { text: (line: string) => boolean; line: (line: LogLine) => boolean },
  ) {
    this.#files = files.filter((file) => file.size > 0 && file.modifiedAt >= options.from);
    this.#options = options;
    this.oldest = Math.min(options.to, this.#files[0]?.modifiedAt ?? 0);
  }

  get isDone(): boolean {
    if (this.oldest < this.#options.from) return true;
    return this.#files.length === 0 && (this.#reader === null || this.#reader.isDone);
  }

  async next(): Promise<{ lines: LogLine[]; bytes: number }> {
    const { to } = this.#options;
    if (this.#reader === null || this.#reader.isDone) {
      const file = this.#files.shift();
      if (!file) return { lines: [], bytes: 0 };
      const end = file.modifiedAt <= to ? file.size : await findEnd(file, to);
      this.#reader = new BackwardReader(file, end, this.#options);
    }
    const block = await this.#reader.next();
    this.oldest = Math.min(this.oldest, this.#reader.oldest);
    return block;
  }
}
