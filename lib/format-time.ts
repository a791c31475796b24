const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `2026-11-23 11:40 UTC`: the same for every reader, and sortable. */
export function formatTime(time: string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** `in 30 days`, `3 min ago`, `just now`: whole units; what is to come is rounded, what is past rounded down. */
export function formatRelativeTime(time: string, now: number): string {
  const difference = Date.parse(time) - now;
  const distance = Math.abs(difference);
  if (distance < MINUTE) return difference > 0 ? "in less than a minute" : "just now";
  // A limit of 30 days that was set a moment ago ends in 30 days, not in 29.
  const text = inWords(difference > 0 ? distance + roundingOf(distance) : distance);
  return difference > 0 ? `in ${text}` : `${text} ago`;
}

function roundingOf(distance: number): number {
  return (distance < HOUR ? MINUTE : distance < 2 * DAY ? HOUR : DAY) / 2;
}

function inWords(distance: number): string {
  if (distance < HOUR) return `${Math.floor(distance / MINUTE)} min`;
  if (distance < 2 * DAY) return `${Math.floor(distance / HOUR)} h`;
  if (distance < 60 * DAY) return `${Math.floor(distance / DAY)} days`;
  if (distance < 730 * DAY) return `${Math.floor(distance / (30 * DAY))} months`;
  return `${Math.floor(distance / (365 * DAY))} years`;
}
