import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { readJson } from "#stack/files.ts";
import { DATA, inData } from "#stack/paths.ts";
import { identify, isAlive, processIdentitySchema } from "#stack/process-table.ts";
import { StackError } from "#stack/stack-error.ts";

/** One `up` or `down` at a time in a data directory; the lock of a dead one is taken over. */
export async function withLaunchLock<T>(work: () => Promise<T>): Promise<T> {
  const path = inData("run", "launch.lock");
  makeDirectories();
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify(identify(process.pid)), { flag: "wx", mode: 0o600 });
      break;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "ENOSPC")
        throw new StackError(`The disk of ${DATA} is full. Free some space and try again.`);
      if (code !== "EEXIST") throw error;
      const holder = processIdentitySchema.safeParse(readJson(path));
      if (holder.success && isAlive(holder.data))
        throw new StackError(`Another up or down is at work (pid ${holder.data.pid}). Wait for it to end.`);
      rmSync(path, { force: true });
    }
  }
  const release = () => rmSync(path, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

/** The data directory itself may be walked through: PostgreSQL's user has its own below. */
function makeDirectories(): void {
  try {
    mkdirSync(DATA, { recursive: true, mode: 0o711 });
    for (const name of ["run", "logs", "secrets"]) mkdirSync(inData(name), { recursive: true, mode: 0o700 });
    mkdirSync(inData("pki"), { recursive: true, mode: 0o755 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === "ENOSPC" ? "its disk is full: free some space" : message;
    throw new StackError(
      `${DATA} cannot be made (${what}). Try again, or set CAUSEWAY_DATA_DIR to another place.`,
    );
  }
}
