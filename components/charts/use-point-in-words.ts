import { useFormatter, useTranslations } from "next-intl";
import { useTimeZone } from "#components/now.tsx";
import { formatMeasure } from "#lib/format-measure.ts";
import { pointTime } from "./axis-time.ts";
import type { ChartModel } from "./chart-model.ts";

/** A point as a sentence: when, and what each line is there. */
export function usePointInWords(model: ChartModel): (index: number) => string {
  const t = useTranslations("charts");
  const format = useFormatter();
  const timeZone = useTimeZone();
  return (index) => {
    const seconds = model.times[index];
    if (seconds === undefined) return t("nothing");
    const time = format.dateTime(new Date(seconds * 1_000), pointTime(model.stepSeconds, timeZone));
    const parts = model.lines.map(({ label, values }) => {
      const value = values[index] ?? null;
      return `${label} ${value === null ? t("unknown") : formatMeasure(model.unit, value)}`;
    });
    return `${time}: ${parts.join(", ")}`;
  };
}
