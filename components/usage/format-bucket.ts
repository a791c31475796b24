import type { DateTimeFormatOptions } from "next-intl";
import type { UsageRange } from "#lib/schemas/usage.ts";

/** What a bucket's start is called: on the axis as short as the range allows, elsewhere with its day. */
export const axisTime = (range: UsageRange): DateTimeFormatOptions =>
  range === "24h"
    ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
    : { day: "numeric", month: "short" };

export const bucketTime = (stepSeconds: number): DateTimeFormatOptions => ({
  weekday: "short",
  day: "numeric",
  month: "short",
  ...(stepSeconds < 86_400 ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : {}),
});
