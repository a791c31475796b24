import type { LogLine } from "../schemas/log.ts";
import { parseLogLine, plainLogLine, startsLogLine } from "./parse-log-line.ts";

/** One file of a stream, wherever it is. */
export type LogSource = {
  /** The same after the file was renamed. */
  id: string;
  program: string;
  size: number;
  modifiedAt: number;
  read: (from: number, to: number) => Promise<Uint8Array>;
};

/** Lines of one part of a file, the newest first. */
export type LogBlock = { lines: LogLine[]; bytes: number };
type LinesFilter = { text: (line: string) => boolean; line: (line: LogLine) => boolean };

const BLOCK_BYTES = 64 * 1024;
/** A text without a time that is longer is taken line by line. */
const LONGEST_ENTRY_BYTES = 256 * 1024;
const NEWLINE = 10;
const decoder = new TextDecoder();

/**
 * A file from `end` to its start in blocks of whole entries. Only lines that fit are kept; `oldest` of the reader is
 * the time of the last entry it came to, so that who merges files knows how far each was read.
 */
export class BackwardReader {
  readonly #source: LogSource;
  readonly #filter: LinesFilter;
  #end: number;
  /** The beginning of what was read: the end of an entry that begins in the block before. */
  #rest: Uint8Array = new Uint8Array(0);
  oldest: number;

  constructor(source: LogSource, end: number, filter: LinesFilter) {
    this.#source = source;
    this.#filter = filter;
    this.#end = end;
    this.oldest = source.modifiedAt;
  }

  get isDone(): boolean {
    return this.#end === 0 && this.#rest.length === 0;
  }

  async next(): Promise<LogBlock> {
    const from = Math.max(0, this.#end - BLOCK_BYTES);
    const bytes = await this.#source.read(from, this.#end);
    const block = concat(bytes, this.#rest);
    this.#end = from;
    const texts = splitLines(block, from);
    const first = from === 0 ? 0 : this.#findFirstEntry(texts, block.length);
    const start = texts[first]?.at ?? from + block.length;
    this.#rest = from === 0 ? new Uint8Array(0) : block.slice(0, start - from);
    return { lines: this.#parse(texts.slice(first)), bytes: bytes.length };
  }

  /** The first line of a block may be a half one; what goes on with an entry before waits for it. */
  #findFirstEntry(texts: { text: string }[], length: number): number {
    const first = texts.findIndex(({ text }, index) => index > 0 && startsLogLine(text));
    if (first > 0) return first;
    return length > LONGEST_ENTRY_BYTES ? Math.min(1, texts.length) : texts.length;
  }

  #parse(texts: { text: string; at: number }[]): LogLine[] {
    const entries: { text: string; at: number }[] = [];
    for (const { text, at } of texts) {
      const last = entries.at(-1);
      if (last && !startsLogLine(text) && startsLogLine(last.text)) last.text += `\n${text}`;
      else if (text !== "") entries.push({ text, at });
    }
    const [first] = entries;
    const oldest = first && this.#read(first);
    if (oldest) this.oldest = Math.min(this.oldest, Date.parse(oldest.time));
    const found = entries.flatMap((entry) => {
      if (!this.#filter.text(entry.text)) return [];
      const line = this.#read(entry);
      return line && this.#filter.line(line) ? [line] : [];
    });
    return found.reverse();
  }

  #read({ text, at }: { text: string; at: number }): LogLine | null {
    const where = { id: `${this.#source.id}:${at}`, program: this.#source.program };
    // A torn line stands where it stands; a text that has no time is as old as the file's last change.
    const time = text.startsWith("{") ? this.oldest : this.#source.modifiedAt;
    return parseLogLine(text, where) ?? plainLogLine(text, time, where);
  }
}

/** Where in a file nothing older than `time` comes any more: reading back from there misses nothing up to it. */
export async function findEnd(source: LogSource, time: number): Promise<number> {
  let low = 0;
  let high = source.size;
  while (high - low > BLOCK_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const bytes = await source.read(middle, Math.min(source.size, middle + BLOCK_BYTES));
    const line = splitLines(bytes, middle)
      .slice(1)
      .flatMap(({ text, at }) => parseLogLine(text, { id: `${at}`, program: source.program }) ?? [])
      .at(0);
    if (line === undefined || Date.parse(line.time) > time) high = middle;
    else low = middle;
  }
  // Whole lines only.
  const rest = await source.read(high, Math.min(source.size, high + LONGEST_ENTRY_BYTES));
  const newline = rest.indexOf(NEWLINE);
  return newline < 0 ? source.size : high + newline + 1;
}

function splitLines(bytes: Uint8Array, offset: number): { text: string; at: number }[] {
  const lines: { text: string; at: number }[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    lines.push({ text: decoder.decode(bytes.subarray(start, end)), at: offset + start });
    start = end + 1;
  }
  return lines;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (b.length === 0) return a;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
