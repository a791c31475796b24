"use client";
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Section } from "#components/section.tsx";
import { formatBytes } from "#lib/format-bytes.ts";
import type { Chart } from "#lib/schemas/chart.ts";
import { ChartControls } from "./chart-controls.tsx";
import { addColumns } from "./chart-model.ts";
import { ChartView } from "./chart-view.tsx";
import type { ChartTimeState } from "./use-chart-time.ts";

type Props = {
  title: ReactNode;
  time: ChartTimeState;
  result: UseQueryResult<Chart>;
  empty: ReactNode;
  /** False: the page has its controls elsewhere. */
  hasControls?: boolean;
};

/** Bytes by door, stacked, with their sum in words and how it compares. */
export function TrafficChart({ title, time, result, empty, hasControls = true }: Props) {
  const t = useTranslations("charts");
  const { data, error, isPlaceholderData, refetch } = result;
  return (
    <Section title={title} action={hasControls ? <ChartControls time={time} /> : null}>
      <p className="-mt-2 min-h-5 text-ink-2 text-sm tabular-nums">{data ? <InSum chart={data} /> : null}</p>
      <ChartView
        chart={data}
        error={error}
        onRetry={() => void refetch()}
        isStale={isPlaceholderData}
        kind="stack"
        label={t("traffic")}
        time={time}
        empty={empty}
        isZeroEmpty
        className="h-64"
      />
    </Section>
  );
}

function InSum({ chart }: { chart: Chart }) {
  const t = useTranslations("charts");
  const sum = (columns: (readonly (number | null)[])[]) =>
    addColumns(columns).reduce<number>((total, value) => total + (value ?? 0), 0);
  const now = sum(chart.lines.map(({ values }) => values));
  const befores = chart.lines.flatMap(({ before }) => (before ? [before] : []));
  const total = formatBytes(now);
  if (befores.length === 0) return t("sum", { total });
  const before = sum(befores);
  if (before === 0) return t("sumNoBefore", { total });
  const percent = Math.round(Math.abs(now / before - 1) * 100);
  return t("sumBefore", {
    total,
    before: formatBytes(before),
    percent,
    how: now >= before ? "more" : "less",
  });
}
