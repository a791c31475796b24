"use client";
import { useFormatter, useTranslations } from "next-intl";
import { useTimeZone } from "#components/now.tsx";
import { formatMeasure } from "#lib/format-measure.ts";
import { pointTime } from "./axis-time.ts";
import type { ChartModel } from "./chart-model.ts";
import { LineMark } from "./line-mark.tsx";

/** The chart's numbers, newest first; times without any are left out. */
export function ChartTable({ model, label }: { model: ChartModel; label: string }) {
  const t = useTranslations("charts");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const exact = (value: number) =>
    model.unit === "bytes"
      ? `${format.number(value)} B`
      : format.number(value, { maximumSignificantDigits: 8 });
  const rows = model.times
    .map((time, index) => ({ time, values: model.lines.map(({ values }) => values[index] ?? null), index }))
    .filter(({ values }) => values.some((value) => value !== null && (value !== 0 || model.kind !== "stack")))
    .reverse();
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="size-full overflow-auto"
    >
      <table className="w-full text-xs tabular-nums">
        <thead>
          <tr className="*:sticky *:top-0 *:whitespace-nowrap *:border-b *:bg-canvas *:px-3 *:py-1.5 *:font-medium *:text-ink-2">
            <th scope="col" className="text-start">
              {t("time")}
            </th>
            {model.lines.map((line) => (
              <th key={line.key} scope="col" className="text-end">
                <span className="inline-flex items-center gap-2">
                  <LineMark style={line.style} />
                  {line.label}
                </span>
              </th>
            ))}
            {model.totalBefore === null ? null : (
              <th scope="col" className="text-end">
                {t("totalBefore")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.time} className="*:border-b *:px-3 *:py-1">
              <th scope="row" className="whitespace-nowrap text-start font-normal text-ink-2">
                {format.dateTime(new Date(row.time * 1_000), pointTime(model.stepSeconds, timeZone))}
              </th>
              {row.values.map((value, line) => (
                <td
                  key={model.lines[line]?.key}
                  className="whitespace-nowrap text-end"
                  title={value === null ? undefined : exact(value)}
                >
                  {value === null ? "–" : formatMeasure(model.unit, value)}
                </td>
              ))}
              {model.totalBefore === null ? null : (
                <td className="whitespace-nowrap text-end text-ink-2">
                  {formatMeasure(model.unit, model.totalBefore[row.index] ?? 0)}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
