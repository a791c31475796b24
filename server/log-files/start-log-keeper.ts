import type { Logger } from "../logger.ts";
import { keepLogFiles } from "./keep-log-files.ts";
import { type LogLimits, readLogLimits } from "./log-limits.ts";

const LOOK_EVERY_MS = 10_000;

/** LOG_KEEPER=1, where no supervisor looks after the directory: nobody can be told to open a file anew. */
export function startLogKeeper(
  settings: Parameters<typeof readLogLimits>[0] & {
    LOG_DIR?: string | undefined;
    LOG_KEEPER?: "0" | "1" | undefined;
  },
  log: Logger,
): void {
  const { LOG_DIR: directory } = settings;
  if (settings.LOG_KEEPER !== "1" || !directory) return;
  const limits: LogLimits = readLogLimits(settings);
  const look = setInterval(() => {
    try {
      keepLogFiles({ directory, limits, now: Date.now(), reopener: () => null });
    } catch (error) {
      log.warn({ err: error }, "log files could not be rotated");
    }
  }, LOOK_EVERY_MS);
  look.unref();
}
