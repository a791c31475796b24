import type { Clock } from "#server/clock.ts";
import type { Deadline, Deadlines } from "./deadlines.ts";

/** A connection that is ended after too long a silence, and at a certain age. */
export type Mortal = {
  /** ms since 1970. */
  readonly since: number;
  readonly lastActive: number;
  /** How long a silence may be by now. */
  readonly maxSilenceMs: number;
  deadline: Deadline | null;
  expire(isTooOld: boolean): void;
};

/** Looks again when a limit could have passed; activity costs only a timestamp. Call it again when the limits change. */
export function watchLife(mortal: Mortal, deadlines: Deadlines, clock: Clock): void {
  deadlines.cancel(mortal.deadline);
  const diesAt = mortal.since + (deadlines.timeouts.lifetimeMs ?? Number.POSITIVE_INFINITY);
  mortal.deadline = deadlines.add(Math.min(mortal.lastActive + mortal.maxSilenceMs, diesAt), () => {
    mortal.deadline = null;
    const now = clock.now();
    if (now >= diesAt) mortal.expire(true);
    else if (now - mortal.lastActive >= mortal.maxSilenceMs) mortal.expire(false);
    else watchLife(mortal, deadlines, clock);
  });
}
