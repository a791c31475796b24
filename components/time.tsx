"use client";
import { useFormatter, useTranslations } from "next-intl";
import { useNow, useTimeZone } from "./now.tsx";

/** "3h ago", with the exact moment on hover. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow();
  const timeZone = useTimeZone();
  const format = useFormatter();
  const t = useTranslations("time");
  const date = new Date(at);
  const distance = date.getTime() - now;
  const text =
    Math.abs(distance) < 45_000
      ? // The clock ticks every 10 s: what happened since the last tick is not in the future.
        distance > 15_000
        ? t("soon")
        : t("justNow")
      : format.relativeTime(date, { now, style: "narrow" });
  return (
    <time
      dateTime={at}
      title={format.dateTime(date, { dateStyle: "full", timeStyle: "medium", timeZone })}
      className="whitespace-nowrap tabular-nums"
    >
      {text}
    </time>
  );
}

/** "23 Nov 2026", or with the minute; how far away on hover. */
export function AbsoluteTime({ at, withTime = false }: { at: string; withTime?: boolean }) {
  const now = useNow();
  const timeZone = useTimeZone();
  const format = useFormatter();
  const date = new Date(at);
  return (
    <time dateTime={at} title={format.relativeTime(date, { now })} className="whitespace-nowrap tabular-nums">
      {format.dateTime(date, { dateStyle: "medium", ...(withTime ? { timeStyle: "short" } : {}), timeZone })}
    </time>
  );
}
