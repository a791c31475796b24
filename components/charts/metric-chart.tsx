"use client";
import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { Explained } from "#components/explained.tsx";
import type { MetricSeries } from "#lib/metric-series.ts";
import { ChartView } from "./chart-view.tsx";
import { metricLook } from "./metric-look.ts";
import type { ChartTimeState } from "./use-chart-time.ts";
import { useMetricSeries } from "./use-metric-series.ts";
import { useSeen } from "./use-seen.ts";

type Props = { series: MetricSeries; time: ChartTimeState; node?: string; className?: string };

/** A named series with its title and what it says. */
export function MetricChart({ series, time, node, className }: Props) {
  const t = useTranslations("charts");
  const titles = useTranslations("metrics");
  const place = useRef<HTMLElement>(null);
  const isSeen = useSeen(place);
  const { data, error, isPlaceholderData, refetch } = useMetricSeries(series, time, { node, isSeen });
  const { kind, isTrouble } = metricLook(series);
  const title = titles(`${series}.title`);
  return (
    <section ref={place} aria-label={title} className="flex min-w-0 flex-col gap-2">
      <h3 className="font-medium text-sm">
        <Explained word={title}>{titles(`${series}.help`)}</Explained>
      </h3>
      <ChartView
        chart={data}
        // With the last numbers still there, a failed look is said by the page's notice only.
        error={data ? null : error}
        onRetry={() => void refetch()}
        isStale={isPlaceholderData || error !== null}
        kind={kind}
        label={title}
        time={time}
        isZeroEmpty={isTrouble}
        isLastShown
        empty={
          isTrouble ? (
            <span className="inline-flex items-center gap-2">
              <Check aria-hidden className="size-4 text-good-text" />
              {t("none")}
            </span>
          ) : (
            t("nothing")
          )
        }
        className={className ?? "h-44"}
      />
    </section>
  );
}
