import type { DateTimeFormatOptions } from "next-intl";
import type { UsageRange } from "#lib/schemas/usage.ts";

const DAY_SECONDS = 86_400;

/** Days are counted in UTC: elsewhere their start would carry the name of the day before. */
const zone = (stepSeconds: number, timeZone: string) => (stepSeconds < DAY_SECONDS ? timeZone : "UTC");

/** A bucket's start as the axis says it: as short as the range allows. */
export function axisTime(range: UsageRange, stepSeconds: number, timeZone: string): DateTimeFormatOptions {
  const parts: DateTimeFormatOptions =
    range === "24h"
      ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
      : { day: "numeric", month: "short" };
  return { ...parts, timeZone: zone(stepSeconds, timeZone) };
}

/** With its day, for tables and the crosshair. */
export function bucketTime(stepSeconds: number, timeZone: string): DateTimeFormatOptions {
  return {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(stepSeconds < DAY_SECONDS ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : {}),
    timeZone: zone(stepSeconds, timeZone),
  };
}
