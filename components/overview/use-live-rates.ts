import { useRef } from "react";
import { METERED_DOORS, type MeteredDoor } from "#lib/doors.ts";
import type { Status } from "#lib/schemas/status.ts";

export type Rate = { time: number } & Record<MeteredDoor, number>;
const WINDOW_MS = 5 * 60_000;

type Sample = { time: number; bytes: Record<MeteredDoor, number> };
const held: { rates: Rate[]; last: Sample | null } = { rates: [], last: null };

/**
 * Bytes per second by door from one answer of the status to the next, the last five minutes. Kept while the page is
 * left for another, so that coming back does not start over.
 */
export function useLiveRates(today: Status["today"], at: string): readonly Rate[] {
  const seen = useRef<string | null>(null);
  if (typeof window !== "undefined" && seen.current !== at) {
    seen.current = at;
    addSample(toSample(today, at));
  }
  return held.rates;
}

function toSample(today: Status["today"], at: string): Sample {
  const bytes = { vpn: 0, http: 0, socks: 0 };
  for (const door of METERED_DOORS) bytes[door] = today[door].upBytes + today[door].downBytes;
  return { time: Date.parse(at), bytes };
}

function addSample(sample: Sample): void {
  const { last } = held;
  if (last && sample.time <= last.time) return;
  held.last = sample;
  if (!last || sample.time - last.time > 60_000) return;
  const seconds = (sample.time - last.time) / 1_000;
  const rate: Rate = { time: sample.time, vpn: 0, http: 0, socks: 0 };
  // Less than before: midnight has passed, the count began anew.
  for (const door of METERED_DOORS) rate[door] = Math.max(0, sample.bytes[door] - last.bytes[door]) / seconds;
  held.rates = [...held.rates.filter((other) => sample.time - other.time < WINDOW_MS), rate];
}
