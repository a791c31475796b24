import { closeSync, fstatSync, openSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type LogLimits, ROTATE_EVERY_MS } from "./log-limits.ts";
import { putAside } from "./put-aside.ts";
import { tidyLogFiles } from "./tidy-log-files.ts";

/** How often it is looked whether somebody else moved or emptied the file. */
const LOOK_EVERY_MS = 1_000;

/**
 * A log file that puts itself aside when it is large or old. Lines are written before `write` returns, so neither a
 * rotation nor a kill -9 loses one. A disk that refuses costs the line, never the caller: they are counted and told.
 */
export class LogFile {
  readonly path: string;
  readonly #limits: LogLimits;
  readonly #now: () => number;
  #fd = -1;
  #inode = 0;
  #bytes = 0;
  #bornAt = 0;
  #lookAt = 0;
  #lost = 0;
  #isTorn = false;

  constructor(path: string, limits: LogLimits, now: () => number = Date.now) {
    this.path = path;
    this.#limits = limits;
    this.#now = now;
  }

  /** `line` ends with a newline. */
  write(line: string): void {
    try {
      const bytes = Buffer.from(line);
      this.#prepare(bytes.length);
      if (this.#lost > 0) this.#append(Buffer.from(lostLine(this.#now(), this.#lost)));
      this.#lost = 0;
      this.#append(bytes);
    } catch {
      this.#lost += 1;
    }
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }

  #prepare(length: number): void {
    const now = this.#now();
    if (now >= this.#lookAt || this.#fd < 0) {
      this.#lookAt = now + LOOK_EVERY_MS;
      const found = statSync(this.path, { throwIfNoEntry: false });
      if (this.#fd < 0 || found?.ino !== this.#inode) this.#open();
      else this.#bytes = found.size;
    }
    if (this.#bytes === 0) return;
    const isFull = this.#bytes + length > this.#limits.fileBytes;
    if (isFull || now - this.#bornAt >= ROTATE_EVERY_MS) this.#rotate(now);
  }

  #open(): void {
    const fd = openSync(this.path, "a", 0o640);
    this.close();
    this.#fd = fd;
    const { ino, size, birthtimeMs } = fstatSync(fd);
    this.#inode = ino;
    this.#bytes = size;
    // Not every file system knows it.
    this.#bornAt = birthtimeMs || this.#now();
  }

  #rotate(now: number): void {
    putAside(this.path, now);
    this.#open();
    tidyLogFiles(dirname(this.path), this.#limits, now);
  }

  /** A line that was torn by a full disk ends before the next one begins. */
  #append(line: Buffer): void {
    const bytes = this.#isTorn ? Buffer.concat([Buffer.from("\n"), line]) : line;
    for (let done = 0; done < bytes.length; ) {
      const written = writeSync(this.#fd, bytes, done);
      done += written;
      this.#bytes += written;
      this.#isTorn = done < bytes.length;
    }
  }
}

const lostLine = (now: number, count: number) =>
  `${JSON.stringify({ level: "warn", time: new Date(now).toISOString(), msg: "log lines could not be written", count })}\n`;
