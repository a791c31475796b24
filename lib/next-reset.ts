import type { ResetPeriod } from "./schemas/user.ts";

/** The next calendar boundary in UTC after `after`: midnight, Monday, the first of a month or of January; never: null. */
export function nextReset(period: ResetPeriod, after: Date): Date | null {
  const year = after.getUTCFullYear();
  const month = after.getUTCMonth();
  const day = after.getUTCDate();
  switch (period) {
    case "never":
      return null;
    case "day":
      return new Date(Date.UTC(year, month, day + 1));
    case "week":
      return new Date(Date.UTC(year, month, day + ((8 - after.getUTCDay()) % 7 || 7)));
    case "month":
      return new Date(Date.UTC(year, month + 1, 1));
    case "year":
      return new Date(Date.UTC(year + 1, 0, 1));
  }
}
