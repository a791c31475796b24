const DAY_MS = 24 * 60 * 60 * 1000;

/** A session ends after 30 days whatever happens, and after 7 days without a request. */
export const SESSION_MAX_MS = 30 * DAY_MS;
export const SESSION_IDLE_MS = 7 * DAY_MS;
/** How old `lastSeenAt` may grow before a request renews it: one write, not one a request. */
export const SESSION_TOUCH_MS = 5 * 60 * 1000;

export function sessionExpiry(createdAt: number, seenAt: number): number {
  return Math.min(createdAt + SESSION_MAX_MS, seenAt + SESSION_IDLE_MS);
}
