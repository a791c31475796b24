"use client";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useTimeZone } from "#components/now.tsx";
import { cn } from "#components/ui/cn.ts";
import { formatMeasure } from "#lib/format-measure.ts";
import { pointTime } from "./axis-time.ts";
import type { ChartModel } from "./chart-model.ts";
import { LineMark } from "./line-mark.tsx";

/** The exact values of one point, beside the pointer and never outside of the chart. */
export function Crosshair(props: { model: ChartModel; index: number; left: number; width: number }) {
  const t = useTranslations("charts");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const { model, index, left, width } = props;
  const seconds = model.times[index];
  if (seconds === undefined) return null;
  const say = (value: number | null | undefined) =>
    value === null || value === undefined ? "–" : formatMeasure(model.unit, value);
  const hasBefore = model.totalBefore !== null || model.lines.some(({ before }) => before !== null);
  const end = (seconds + model.stepSeconds) * 1_000;
  const isEndSide = left > width / 2;
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute top-2 z-10 min-w-40 max-w-[75%] rounded-lg bg-raised p-2.5 text-xs shadow-pop"
      style={isEndSide ? { right: width - left + 12 } : { left: left + 12 }}
    >
      <p className="flex justify-between gap-4 pb-1.5 text-ink-2">
        {format.dateTime(new Date(seconds * 1_000), pointTime(model.stepSeconds, timeZone))}
        {model.kind === "stack" && end > Date.now() ? <span className="text-ink-3">{t("soFar")}</span> : null}
      </p>
      <table className="w-full">
        <tbody>
          {model.lines.map((line) => (
            <Row
              key={line.key}
              value={say(line.values[index])}
              before={model.total === null && hasBefore ? say(line.before?.[index]) : null}
            >
              <LineMark style={line.style} />
              <span className="truncate">{line.label}</span>
            </Row>
          ))}
          {model.total !== null && (model.lines.length > 1 || hasBefore) ? (
            <Row
              isTotal
              value={say(model.total[index])}
              before={hasBefore ? say(model.totalBefore?.[index]) : null}
            >
              {t("total")}
            </Row>
          ) : null}
        </tbody>
      </table>
      {hasBefore ? <p className="pt-1.5 text-ink-3">{t("beforeHint")}</p> : null}
    </div>
  );
}

function Row(props: { children: ReactNode; value: string; before: string | null; isTotal?: boolean }) {
  return (
    <tr className={cn(props.isTotal && "font-medium [&>td]:border-t [&>td]:pt-1")}>
      <td className="max-w-44 py-0.5">
        <span className="flex min-w-0 items-center gap-2">{props.children}</span>
      </td>
      <td className="whitespace-nowrap ps-4 text-end tabular-nums">{props.value}</td>
      {props.before === null ? null : (
        <td className="whitespace-nowrap ps-3 text-end text-ink-3 tabular-nums">{props.before}</td>
      )}
    </tr>
  );
}
