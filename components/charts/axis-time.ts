import type { DateTimeFormatOptions } from "next-intl";

const DAY_SECONDS = 86_400;

/** Days are counted in UTC: elsewhere their start would carry the name of the day before. */
export const zoneOf = (stepSeconds: number, timeZone: string) =>
  stepSeconds < DAY_SECONDS ? timeZone : "UTC";

/** A tick: the day where a day begins or ticks are days apart, else the time. */
export function tickTime(isDay: boolean, timeZone: string): DateTimeFormatOptions {
  return isDay
    ? { day: "numeric", month: "short", timeZone }
    : { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
}

/** With its day, for tables and the crosshair. */
export function pointTime(stepSeconds: number, timeZone: string): DateTimeFormatOptions {
  return {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(stepSeconds < DAY_SECONDS ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : {}),
    ...(stepSeconds < 60 ? { second: "2-digit" } : {}),
    timeZone: zoneOf(stepSeconds, timeZone),
  };
}
