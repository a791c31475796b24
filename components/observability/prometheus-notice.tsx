"use client";
import { useTranslations } from "next-intl";
import type { ChartTimeState } from "#components/charts/use-chart-time.ts";
import { useMetricSeries } from "#components/charts/use-metric-series.ts";
import { Notice } from "#components/ui/notice.tsx";
import { ApiError } from "#lib/api-error.ts";

/** Says once for a whole page that rates cannot be read, and what still can. */
export function PrometheusNotice({ time }: { time: ChartTimeState }) {
  const t = useTranslations("observability");
  const { error } = useMetricSeries("programs", { ...time, refetchInterval: time.refetchInterval || 30_000 });
  if (!(error instanceof ApiError) || error.status !== 503) return null;
  return (
    <Notice tone="warn" role="status">
      {error.detail} {t("usageStays")}
    </Notice>
  );
}
