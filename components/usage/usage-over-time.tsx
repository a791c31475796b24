"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { TrafficChart } from "#components/charts/traffic-chart.tsx";
import { useChartTime } from "#components/charts/use-chart-time.ts";
import { Button } from "#components/ui/button.tsx";
import { useUsageSeries } from "./use-usage.ts";

/** The traffic of one user by door over a range; chart or table. */
export function UsageOverTime({ userRef, isOwn = false }: { userRef: string; isOwn?: boolean }) {
  const t = useTranslations("usage");
  const time = useChartTime();
  const result = useUsageSeries(userRef, time);
  return (
    <TrafficChart
      title={t("overTime")}
      time={time}
      result={result}
      empty={
        isOwn ? (
          <span className="flex flex-col items-center gap-3">
            {t("quiet")}
            <Button asChild>
              <Link href="/connect">{t("quietAction")}</Link>
            </Button>
          </span>
        ) : (
          t("quietOther")
        )
      }
    />
  );
}
