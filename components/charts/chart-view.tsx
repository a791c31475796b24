"use client";
import { RotateCw, TriangleAlert } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { type ReactNode, useMemo, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ApiError } from "#lib/api-error.ts";
import type { Chart } from "#lib/schemas/chart.ts";
import { ChartLegend } from "./chart-legend.tsx";
import { type ChartKind, chartModel, isEmpty } from "./chart-model.ts";
import { ChartTable } from "./chart-table.tsx";
import { StateStrips } from "./state-strips.tsx";
import type { ChartTimeState } from "./use-chart-time.ts";
import { useLineLabel } from "./use-line-label.ts";

const TimeChart = dynamic(() => import("./time-chart.tsx").then((module) => module.TimeChart), {
  ssr: false,
  loading: () => <Skeleton className="size-full rounded-md" />,
});

type Props = {
  chart: Chart | undefined;
  error: Error | null;
  onRetry: () => void;
  /** The last range's numbers, while the new ones are under way. */
  isStale: boolean;
  kind: ChartKind;
  label: string;
  /** `zoom` null: there is none here. */
  time: Pick<ChartTimeState, "show"> & { zoom: ChartTimeState["zoom"] | null };
  /** Said when there is nothing; `isZeroEmpty`: zeros are nothing. */
  empty: ReactNode;
  isZeroEmpty: boolean;
  isLastShown?: boolean;
  className?: string;
};

const NOBODY: ReadonlySet<string> = new Set();

/** One chart in all its states, always of one height: skeleton, chart or table, empty, error. */
export function ChartView(props: Props) {
  const t = useTranslations("charts");
  const labelOf = useLineLabel();
  const { chart, kind } = props;
  const [hidden, setHidden] = useState(NOBODY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: labelOf says the same every time
  const all = useMemo(() => chart && chartModel(chart, kind, labelOf, NOBODY), [chart, kind]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const shown = useMemo(() => chart && chartModel(chart, kind, labelOf, hidden), [chart, kind, hidden]);
  const toggle = (key: string) => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next.size === chart?.lines.length ? NOBODY : next);
  };
  const box = cn("relative h-56", props.className);
  if (!chart || !all || !shown)
    return (
      <div className="flex flex-col gap-2">
        <div className={box}>
          {props.error ? (
            <ChartError error={props.error} onRetry={props.onRetry} />
          ) : (
            <Skeleton className="size-full rounded-md" />
          )}
        </div>
        <div className="h-5" />
      </div>
    );
  if (isEmpty(chart, props.isZeroEmpty))
    return (
      <div className="flex flex-col gap-2">
        <div
          className={cn(
            box,
            "flex items-center justify-center rounded-md bg-well/60 px-4 text-center text-ink-2 text-sm",
          )}
        >
          <div className="text-pretty">{props.empty}</div>
        </div>
        <div className="h-5" />
      </div>
    );
  return (
    <div className={cn("flex flex-col gap-2 transition-opacity", props.isStale && "opacity-60")}>
      <div className={box}>
        {props.time.show === "table" ? (
          <ChartTable model={shown} label={t("tableLabel", { what: props.label })} />
        ) : kind === "state" ? (
          <StateStrips model={shown} label={props.label} />
        ) : (
          <TimeChart model={shown} label={t("chartLabel", { what: props.label })} onZoom={props.time.zoom} />
        )}
      </div>
      {kind === "state" ? null : (
        <ChartLegend
          model={all}
          hidden={hidden}
          onToggle={toggle}
          omitted={chart.omitted}
          isLastShown={props.isLastShown ?? false}
        />
      )}
    </div>
  );
}

function ChartError({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useTranslations("error");
  return (
    <div
      role="alert"
      className="flex size-full flex-col items-center justify-center gap-3 rounded-md bg-well/60 px-4 text-center"
    >
      <p className="flex max-w-80 items-start gap-2 text-pretty text-ink-2 text-sm">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn-text" />
        {error instanceof ApiError ? error.detail : t("unknown")}
      </p>
      <Button size="sm" onClick={onRetry}>
        <RotateCw aria-hidden />
        {t("retry")}
      </Button>
    </div>
  );
}
