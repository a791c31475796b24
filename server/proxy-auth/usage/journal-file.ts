import { type FileHandle, mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";

/**
 * An append-only file of JSON lines, each with its CRC-32, on disk (fdatasync) when `append` returns. A torn last
 * line, left by a kill or a full disk, is cut off at the next start or append.
 */
export class JournalFile {
  readonly #path: string;
  #file: FileHandle;
  #size: number;

  private constructor(path: string, file: FileHandle, size: number) {
    this.#path = path;
    this.#file = file;
    this.#size = size;
  }

  /** `isDamaged`: a line before the last one is wrong, which a kill cannot do. What is readable is answered. */
  static async open(path: string): Promise<{ journal: JournalFile; records: unknown[]; isDamaged: boolean }> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, "a+", 0o600);
    const { records, goodSize, isDamaged } = readLines(await file.readFile());
    await file.truncate(goodSize);
    return { journal: new JournalFile(path, file, goodSize), records, isDamaged };
  }

  get size(): number {
    return this.#size;
  }

  async append(record: unknown): Promise<void> {
    const line = encode(record);
    try {
      await this.#file.appendFile(line);
      await this.#file.datasync();
      this.#size += line.length;
    } catch (error) {
      await this.#file.truncate(this.#size).catch(() => {});
      throw error;
    }
  }

  /** Replaces the content in one step. */
  async rewrite(records: readonly unknown[]): Promise<void> {
    const temporary = `${this.#path}.new`;
    const content = Buffer.concat(records.map(encode));
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(content);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
    const directory = await open(dirname(this.#path));
    await directory.sync().finally(() => directory.close());
    const old = this.#file;
    this.#file = await open(this.#path, "a+", 0o600);
    this.#size = content.length;
    await old.close();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function encode(record: unknown): Buffer {
  const json = JSON.stringify(record);
  return Buffer.from(`${checksum(json)} ${json}\n`);
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}

/** Whole lines with the right checksum; a wrong one before a right one is damage. */
function readLines(content: Buffer): { records: unknown[]; goodSize: number; isDamaged: boolean } {
  const records: unknown[] = [];
  let start = 0;
  let goodSize = 0;
  let isDamaged = false;
  let sawWrong = false;
  for (let end = content.indexOf(10); end !== -1; end = content.indexOf(10, start)) {
    const line = content.toString("utf8", start, end);
    const json = line.slice(9);
    start = end + 1;
    if (line[8] !== " " || line.slice(0, 8) !== checksum(json)) {
      sawWrong = true;
      continue;
    }
    isDamaged ||= sawWrong;
    records.push(JSON.parse(json));
    goodSize = start;
  }
  return { records, goodSize, isDamaged };
}
