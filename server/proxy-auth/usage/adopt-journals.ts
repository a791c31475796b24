import { execFile } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Logger } from "#server/logger.ts";
import { placesIn, stateDirOf } from "../workers/state-dir.ts";

const run = promisify(execFile);
const LOOK_EVERY_MS = 15_000;
/** Exit code for a directory that another replica uses. */
const LOCKED = 99;
const SLOT = /^slot-\d+$/;
const PROGRAM = fileURLToPath(new URL("../adopt-journal.ts", import.meta.url));

/** What replicas that are gone have counted and not reported (docker/claim-slot.sh gives each its directory). */
export class JournalAdopter {
  readonly #stateDir: string;
  readonly #logger: Logger;
  /** Size and time of journals that were empty when last looked at. */
  readonly #done = new Map<string, string>();

  constructor(options: { stateDir: string; logger: Logger }) {
    this.#stateDir = options.stateDir;
    this.#logger = options.logger;
  }

  start(): void {
    if (!SLOT.test(basename(this.#stateDir))) return;
    setInterval(() => void this.adopt(), LOOK_EVERY_MS).unref();
  }

  async adopt(): Promise<void> {
    const slots = dirname(this.#stateDir);
    for (const name of readdirSync(slots)) {
      const slot = join(slots, name);
      if (!SLOT.test(name) || slot === this.#stateDir || this.#print(slot) === this.#done.get(slot)) continue;
      try {
        const lock = ["-n", "-E", String(LOCKED), join(slot, "lock")];
        const directories = [0, ...placesIn(slot)].map((place) => stateDirOf(slot, place));
        const { stdout } = await run("flock", [...lock, process.execPath, PROGRAM, ...directories], {
          timeout: 60_000,
        });
        if (Number(stdout) > 0)
          this.#logger.info(
            { slot: name, entries: Number(stdout) },
            "usage of a replica that is gone was reported",
          );
        this.#done.set(slot, this.#print(slot));
      } catch (error) {
        const { code } = error as { code?: number | string };
        if (code !== LOCKED)
          this.#logger.warn({ err: error, slot: name }, "a journal could not be taken over");
      }
    }
  }

  #print(slot: string): string {
    const found = statSync(join(slot, "usage.journal"), { throwIfNoEntry: false });
    return found ? `${found.size} ${found.mtimeMs}` : "none";
  }
}

/** The same for a worker of this very directory that is gone for good. False: the panel was away, or the disk refused. */
export async function adoptWorkerJournal(options: {
  stateDir: string;
  place: number;
  logger: Logger;
}): Promise<boolean> {
  const { stateDir, place, logger } = options;
  try {
    const { stdout } = await run(process.execPath, [PROGRAM, stateDirOf(stateDir, place)], {
      timeout: 60_000,
    });
    if (Number(stdout) > 0)
      logger.info({ worker: place, entries: Number(stdout) }, "usage of a worker that is gone was reported");
    return true;
  } catch (error) {
    logger.warn({ err: error, worker: place }, "a journal could not be taken over yet");
    return false;
  }
}
