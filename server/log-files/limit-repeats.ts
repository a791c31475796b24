type Level = "debug" | "info" | "warn" | "error";
type Writer = { [L in Level]: (fields: object, message: string) => void };

const WINDOW_MS = 10_000;
const BURST = 20;
/** Keys are messages and routes of ours; should one be made of hostile input, it stays bounded. */
const MAX_KEYS = 1_000;

/**
 * For what strangers can cause as often as they like: of one kind (`key`) twenty lines in ten seconds, then one that
 * says how many more there were.
 */
export function limitRepeats(logger: Writer) {
  const seen = new Map<string, { count: number; level: Level; message: string }>();
  const flush = () => {
    for (const { count, level, message } of seen.values())
      if (count > BURST) logger[level]({ repeated: count - BURST }, message);
    seen.clear();
  };
  // Started here and not by a line: it would go on in that line's trace.
  setInterval(flush, WINDOW_MS).unref();
  return {
    log(level: Level, key: string, fields: object, message: string): void {
      const kind = seen.size < MAX_KEYS ? `${message} ${key}` : message;
      const entry = seen.get(kind) ?? { count: 0, level, message };
      entry.count += 1;
      seen.set(kind, entry);
      if (entry.count <= BURST) logger[level](fields, message);
    },
    flush,
  };
}
