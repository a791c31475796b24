import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { AppError } from "#server/errors.ts";

const DISK_FULL = "The node's state cannot be written: is its disk full?";

/** Replaces a file so that a crash leaves the old or the new one, never a part. */
export function writeFileAtomic(path: string, text: string): void {
  const temporary = `${path}.new`;
  try {
    const fd = openSync(temporary, "w", 0o600);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
    syncDirectory(dirname(path));
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new AppError("UNAVAILABLE", DISK_FULL, { cause });
  }
}

function syncDirectory(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A file of JSON lines that only grows. A line that could not be written whole is taken back. */
export class AppendLog {
  #fd: number;
  #bytes: number;

  constructor(path: string, validBytes?: number) {
    this.#fd = openSync(path, "a", 0o600);
    if (validBytes !== undefined) ftruncateSync(this.#fd, validBytes);
    this.#bytes = fstatSync(this.#fd).size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(record: unknown, options: { isDurable: boolean }): void {
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    try {
      if (writeSync(this.#fd, line) !== line.length) throw new Error("short write");
      if (options.isDurable) fsyncSync(this.#fd);
    } catch (cause) {
      ftruncateSync(this.#fd, this.#bytes);
      throw new AppError("UNAVAILABLE", DISK_FULL, { cause });
    }
    this.#bytes += line.length;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** The whole lines of a log and where they end; a torn last line is left out. */
export function splitRecords(text: string): { records: unknown[]; validBytes: number } {
  const records: unknown[] = [];
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    try {
      records.push(JSON.parse(text.slice(start, end)));
    } catch {
      break;
    }
    start = end + 1;
  }
  return { records, validBytes: Buffer.byteLength(text.slice(0, start)) };
}
