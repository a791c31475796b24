import { mkdir, open, readFile, rename, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { replicaHeaderSchema, replicaUserSchema } from "#lib/schemas/internal.ts";
import type { Clock } from "#server/clock.ts";
import type { Logger } from "#server/logger.ts";
import { MAX_STALE_MS, type Replica } from "./replica.ts";

/** Its name in a worker's directory. */
export const REPLICA_FILE = "replica";
const SAVE_EVERY_MS = 10_000;
/** Running totals change all the time: a large copy is written less often. */
const SAVE_LARGE_EVERY_MS = 60_000;
const LARGE_USERS = 10_000;
const LINES_A_WRITE = 2_000;

/**
 * A copy of the replica on disk, so that a restart while the panel is away still serves. It holds the HMAC key next
 * to the keyed hashes: whoever may read this 0600 file could test guesses of proxy passwords, which are random;
 * without the key nobody could be let in after such a restart. The file's mtime is the last word from the panel.
 */
export class ReplicaFile {
  readonly #path: string;
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #savedVersion = -1;
  #timer: NodeJS.Timeout | null = null;
  #saving: Promise<void> = Promise.resolve();
  #savedAt = 0;

  constructor(options: { path: string; replica: Replica; clock: Clock; logger: Logger }) {
    this.#path = options.path;
    this.#replica = options.replica;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** True when a copy young enough was taken into the replica. */
  async load(): Promise<boolean> {
    try {
      const { mtimeMs } = await stat(this.#path);
      if (this.#clock.now() - mtimeMs > MAX_STALE_MS) return false;
      const [first = "", ...lines] = (await readFile(this.#path, "utf8")).split("\n");
      const header = replicaHeaderSchema.parse(JSON.parse(first));
      const users = lines
        .filter((line) => line !== "")
        .map((line) => replicaUserSchema.parse(JSON.parse(line)));
      if (users.length !== header.users) return false;
      const key = Buffer.from(header.proxyPasswordKey, "base64");
      this.#replica.rules.load(header);
      this.#replica.load({ revision: header.revision, key, users, contactAt: mtimeMs });
      this.#savedVersion = this.#replica.version;
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
        this.#logger.warn({ err: error }, "the replica's copy on disk cannot be used");
      }
      return false;
    }
  }

  start(): void {
    this.#timer = setInterval(() => void this.save(), SAVE_EVERY_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.save(true);
  }

  /** Writes the copy when something has changed, else only notes when the panel was last heard. */
  save(isFinal = false): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      try {
        const isLarge = this.#replica.size > LARGE_USERS;
        const isTime = isFinal || !isLarge || this.#clock.now() - this.#savedAt >= SAVE_LARGE_EVERY_MS;
        if (isTime && this.#savedVersion !== this.#replica.version) await this.#write();
        const contactAt = this.#replica.contactAt / 1000;
        if (this.#savedVersion !== -1) await utimes(this.#path, contactAt, contactAt);
      } catch (error) {
        this.#logger.warn({ err: error }, "the replica's copy on disk cannot be written");
      }
    });
    return this.#saving;
  }

  async #write(): Promise<void> {
    const { key, version, revision } = this.#replica;
    if (key === null) return;
    const users = [...this.#replica.all()];
    const rules = this.#replica.rules.toContent();
    const header = { revision, users: users.length, proxyPasswordKey: key.toString("base64"), ...rules };
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const temporary = `${this.#path}.new`;
    const file = await open(temporary, "w", 0o600);
    try {
      await file.appendFile(`${JSON.stringify(header)}\n`);
      for (let i = 0; i < users.length; i += LINES_A_WRITE) {
        const lines = users.slice(i, i + LINES_A_WRITE).map((user) => JSON.stringify(user));
        await file.appendFile(`${lines.join("\n")}\n`);
      }
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
    this.#savedVersion = version;
    this.#savedAt = this.#clock.now();
  }
}
