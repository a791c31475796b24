import type { Parsed } from "./parse-bytes.ts";

const SECOND = 1_000;
const UNITS: Record<string, number> = {
  s: SECOND,
  m: 60 * SECOND,
  h: 3_600 * SECOND,
  d: 86_400 * SECOND,
  w: 7 * 86_400 * SECOND,
  y: 365 * 86_400 * SECOND,
};
const HOW = "Write a duration like 30d, 12h, 90m or 2w.";

/** `90m`, `12h`, `30d`, `2w`, `1y` and sums like `1d12h`, in milliseconds; more than nothing. */
export function parseDuration(text: string): Parsed<number> {
  const trimmed = text.trim().toLowerCase();
  if (!/^(\d+[smhdwy])+$/.test(trimmed)) return { error: HOW };
  let total = 0;
  for (const [, digits = "", unit = ""] of trimmed.matchAll(/(\d+)([smhdwy])/g)) {
    total += Number(digits) * (UNITS[unit] ?? 0);
  }
  if (total === 0) return { error: HOW };
  return { value: total };
}

const EXPIRY_HOW = "Write when it ends like 30d, 12h, 2026-12-31 (00:00 UTC), 2026-12-31T18:00Z or never.";
const LAST_MOMENT = Date.UTC(9999, 11, 31);

/** When something ends, as RFC 3339 in UTC; `never` = null; a date alone is its first moment in UTC. */
export function parseExpiry(text: string, now: number): Parsed<string | null> {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === "never") return { value: null };
  const duration = parseDuration(trimmed);
  if ("value" in duration) return toTime(now + duration.value, now);
  const time = parseTime(trimmed);
  return time === null ? { error: EXPIRY_HOW } : toTime(time, now);
}

/** A date (first moment in UTC) or a time with its offset, as ms since 1970; null when it is neither. */
export function parseTime(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/i.exec(
    text.trim(),
  );
  if (!match) return null;
  // Date would turn 31 February into 3 March.
  const isRealDay =
    new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))).getUTCDate() ===
    Number(match[3]);
  const time = Date.parse(text.trim().toUpperCase());
  return isRealDay && Number.isFinite(time) ? time : null;
}

function toTime(time: number, now: number): Parsed<string> {
  if (time <= now) return { error: "That is in the past. Give a moment to come, or never." };
  if (time > LAST_MOMENT) return { error: "That is after the year 9999. Write never instead." };
  return { value: new Date(time).toISOString() };
}
