/** How large and how old log files may get; the total is of the whole directory. */
export type LogLimits = { fileBytes: number; totalBytes: number; keepMs: number };

const MB = 1_000_000;
const DAY_MS = 86_400_000;
/** A file is put aside after this long even when it is small, so that old lines can go by age. */
export const ROTATE_EVERY_MS = DAY_MS;

export function readLogLimits(settings: {
  LOG_FILE_MB?: number | undefined;
  LOG_TOTAL_MB?: number | undefined;
  LOG_KEEP_DAYS?: number | undefined;
}): LogLimits {
  return {
    fileBytes: (settings.LOG_FILE_MB ?? 10) * MB,
    totalBytes: (settings.LOG_TOTAL_MB ?? 300) * MB,
    keepMs: (settings.LOG_KEEP_DAYS ?? 14) * DAY_MS,
  };
}
