"use client";
import { ChartNoAxesColumn } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useQueryState } from "nuqs";
import { useMemo, useState } from "react";
import { ErrorState } from "#components/error-state.tsx";
import { Section } from "#components/section.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { METERED_DOORS } from "#lib/doors.ts";
import { USAGE_RANGES } from "#lib/usage-ranges.ts";
import { coarsenSeries } from "./coarsen-series.ts";
import { DoorMark } from "./door-mark.tsx";
import { rangeParser } from "./usage-range.ts";
import { UsageTable } from "./usage-table.tsx";
import { useUsageSeries } from "./use-usage.ts";

const UsageChart = dynamic(() => import("./usage-chart.tsx").then((module) => module.UsageChart), {
  ssr: false,
  loading: () => <Skeleton className="size-full rounded-lg" />,
});

/** The traffic of one user by door over a range; chart or table. The range is in the URL. */
export function UsageOverTime({ userRef, isOwn = false }: { userRef: string; isOwn?: boolean }) {
  const t = useTranslations("usage");
  const [range, setRange] = useQueryState("range", rangeParser);
  const [view, setView] = useState<"chart" | "table">("chart");
  const { data: fine, error, isPlaceholderData, refetch } = useUsageSeries(userRef, range);
  const data = useMemo(() => fine && coarsenSeries(fine), [fine]);
  const isQuiet = data?.points.every((point) => METERED_DOORS.every((door) => point[door] === 0));
  const rangeName = t(`ranges.${range}`);
  return (
    <Section
      title={t("overTime")}
      action={
        <div className="flex flex-wrap gap-2 max-sm:w-full">
          <Segmented
            label={t("range")}
            value={range}
            options={USAGE_RANGES.map((value) => ({ value, label: t(`ranges.${value}`) }))}
            onChange={(next) => void setRange(next)}
            className="max-sm:w-full"
          />
          <Segmented
            label={t("view")}
            value={view}
            options={[
              { value: "chart", label: t("chart") },
              { value: "table", label: t("table") },
            ]}
            onChange={setView}
          />
        </div>
      }
    >
      <div className={cn("flex min-h-80 flex-col gap-3", isPlaceholderData && "opacity-60")}>
        {!data ? (
          error ? (
            <ErrorState error={error} onRetry={() => void refetch()} />
          ) : (
            <Skeleton className="h-72 w-full rounded-lg" />
          )
        ) : isQuiet ? (
          <div className="rounded-lg border">
            <EmptyState
              icon={ChartNoAxesColumn}
              action={
                isOwn ? (
                  <Button asChild>
                    <Link href="/connect">{t("quietAction")}</Link>
                  </Button>
                ) : null
              }
            >
              {isOwn ? t("quiet") : t("quietOther")}
            </EmptyState>
          </div>
        ) : view === "table" ? (
          <UsageTable series={data} range={range} />
        ) : (
          <>
            <div role="img" aria-label={t("chartLabel", { range: rangeName })} className="h-72">
              <UsageChart series={data} range={range} />
            </div>
            <div className="flex flex-wrap justify-center gap-x-5 gap-y-1 text-ink-2 text-sm">
              {METERED_DOORS.map((door) => (
                <DoorMark key={door} door={door} />
              ))}
            </div>
          </>
        )}
      </div>
    </Section>
  );
}
