"use client";
import { useTranslations } from "next-intl";
import { ChartControls } from "#components/charts/chart-controls.tsx";
import { MetricChart } from "#components/charts/metric-chart.tsx";
import { TrafficChart } from "#components/charts/traffic-chart.tsx";
import { useChartTime } from "#components/charts/use-chart-time.ts";
import { Section } from "#components/section.tsx";
import { useTotalUsage } from "#components/usage/use-usage.ts";
import { METRIC_GROUPS } from "#lib/metric-series.ts";
import { PrometheusNotice } from "./prometheus-notice.tsx";

const GROUPS = ["served", "fast", "changes", "machine"] as const;

/** Everything that is measured, by the question an operator asks. */
export function ChartsPanel() {
  const t = useTranslations("observability");
  const charts = useTranslations("charts");
  const time = useChartTime();
  const usage = useTotalUsage(time);
  return (
    <div className="flex flex-col gap-10">
      <div className="top-13 z-10 md:sticky -mx-4 -mb-4 border-b bg-canvas px-4 py-2 md:-mx-8 md:px-8">
        <ChartControls time={time} />
      </div>
      <PrometheusNotice time={time} />
      <TrafficChart
        title={charts("traffic")}
        time={time}
        result={usage}
        empty={charts("noTraffic")}
        hasControls={false}
      />
      {GROUPS.map((group) => (
        <Section key={group} title={t(group)}>
          <div className="grid gap-x-8 gap-y-8 md:grid-cols-2 xl:grid-cols-3">
            {METRIC_GROUPS[group].map((series) => (
              <MetricChart key={series} series={series} time={time} />
            ))}
          </div>
        </Section>
      ))}
    </div>
  );
}
