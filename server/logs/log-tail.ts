import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseLogLine, plainLogLine, startsLogLine } from "#lib/logs/parse-log-line.ts";
import type { LogLine } from "#lib/schemas/log.ts";
import { redactLine } from "./log-store.ts";
import { listLogFiles } from "./open-log-streams.ts";

const LOOK_EVERY_MS = 400;
/** What a program wrote beyond this since the last look is left out and said so. */
const MAX_BYTES_A_LOOK = 512 * 1024;

type Tailed = { handle: FileHandle; id: string; program: string; offset: number; rest: string };
export type TailListener = (lines: LogLine[], isSkipping: boolean) => void;

/** Lines as they are written, for any number of listeners: the files are looked at once for all, and only while one listens. */
export class LogTail {
  readonly #directory: string;
  readonly #listeners = new Set<TailListener>();
  readonly #files = new Map<string, Tailed>();
  #isRunning = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** Answers how to stop listening. */
  listen(listener: TailListener): () => void {
    this.#listeners.add(listener);
    if (!this.#isRunning) void this.#run();
    return () => this.#listeners.delete(listener);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    await this.#look(true).catch(() => undefined);
    while (this.#listeners.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS).unref());
      // A directory that cannot be read now may be read at the next look.
      await this.#look(false).catch(() => undefined);
    }
    for (const { handle } of this.#files.values()) await handle.close();
    this.#files.clear();
    this.#isRunning = false;
    if (this.#listeners.size > 0) void this.#run();
  }

  async #look(isFirst: boolean): Promise<void> {
    const lines: LogLine[] = [];
    let isSkipping = false;
    for (const { name, program, rotatedAt } of await listLogFiles(this.#directory)) {
      if (rotatedAt !== null) continue;
      const path = join(this.#directory, name);
      const found = await stat(path).catch(() => null);
      const known = this.#files.get(name);
      if (known) isSkipping = (await readNew(known, lines)) || isSkipping;
      if (!found || known?.id === String(found.ino)) continue;
      // Put aside since the last look: what it had left is read, now comes the new one.
      await known?.handle.close();
      const next = await openFile(path, program, isFirst ? found.size : 0);
      if (!next) continue;
      this.#files.set(name, next);
      if (!isFirst) isSkipping = (await readNew(next, lines)) || isSkipping;
    }
    if (lines.length === 0 && !isSkipping) return;
    const sorted = lines.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time));
    for (const listener of this.#listeners) listener(sorted, isSkipping);
  }
}

async function openFile(path: string, program: string, offset: number): Promise<Tailed | null> {
  const handle = await open(path).catch(() => null);
  if (!handle) return null;
  const { ino } = await handle.stat();
  return { handle, id: String(ino), program, offset, rest: "" };
}

/** Whether some were left out. */
async function readNew(file: Tailed, lines: LogLine[]): Promise<boolean> {
  const { size } = await file.handle.stat();
  if (size < file.offset) Object.assign(file, { offset: 0, rest: "" });
  const isSkipping = size - file.offset > MAX_BYTES_A_LOOK;
  if (isSkipping) Object.assign(file, { offset: size - MAX_BYTES_A_LOOK, rest: "" });
  const buffer = Buffer.allocUnsafe(size - file.offset);
  if (buffer.length === 0) return false;
  const { bytesRead } = await file.handle.read(buffer, 0, buffer.length, file.offset);
  const start = file.offset - Buffer.byteLength(file.rest);
  const texts = (file.rest + buffer.subarray(0, bytesRead).toString()).split("\n");
  file.offset += bytesRead;
  file.rest = texts.pop() ?? "";
  let at = start;
  for (const [index, text] of texts.entries()) {
    const where = { id: `${file.id}:${at}`, program: file.program };
    at += Buffer.byteLength(text) + 1;
    if (text === "" || (isSkipping && index === 0)) continue;
    const last = lines.at(-1);
    const isMore =
      !startsLogLine(text) && last?.id.startsWith(`${file.id}:`) && last.program === file.program;
    if (isMore && last) last.msg += `\n${redactLine(plainLogLine(text, 0, where)).msg}`;
    else lines.push(redactLine(parseLogLine(text, where) ?? plainLogLine(text, Date.now(), where)));
  }
  return isSkipping;
}
