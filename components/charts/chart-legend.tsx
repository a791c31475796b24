"use client";
import { useTranslations } from "next-intl";
import { cn } from "#components/ui/cn.ts";
import { formatMeasure } from "#lib/format-measure.ts";
import { type ChartModel, lastKnown } from "./chart-model.ts";
import { LineMark } from "./line-mark.tsx";

/** Each line with its sign and last value; a click takes it out and brings it back. */
export function ChartLegend(props: {
  model: ChartModel;
  hidden: ReadonlySet<string>;
  onToggle: (key: string) => void;
  omitted: number;
  isLastShown: boolean;
}) {
  const t = useTranslations("charts");
  const { model } = props;
  return (
    <ul aria-label={t("lines")} className="-mx-1 flex flex-wrap gap-x-2 gap-y-0.5 text-xs">
      {model.lines.map((line) => {
        const last = lastKnown(line.values);
        const isHidden = props.hidden.has(line.key);
        return (
          <li key={line.key} className="min-w-0">
            <button
              type="button"
              aria-pressed={!isHidden}
              onClick={() => props.onToggle(line.key)}
              className={cn(
                "flex max-w-full items-center gap-2 rounded-sm px-1 py-0.5 text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:py-1.5",
                isHidden && "line-through opacity-70",
              )}
            >
              <LineMark style={line.style} />
              <span className="truncate">{line.label}</span>
              {props.isLastShown && last !== null ? (
                <span className="whitespace-nowrap text-ink tabular-nums">
                  {formatMeasure(model.unit, last)}
                </span>
              ) : null}
            </button>
          </li>
        );
      })}
      {props.omitted > 0 ? (
        <li className="px-1 py-0.5 text-ink-3">{t("omitted", { count: props.omitted })}</li>
      ) : null}
    </ul>
  );
}
