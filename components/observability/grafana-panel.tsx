"use client";
import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { api } from "#components/api.ts";
import { useChartTime } from "#components/charts/use-chart-time.ts";
import { ErrorState } from "#components/error-state.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { Button } from "#components/ui/button.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { CHART_RANGES } from "#lib/chart-ranges.ts";
import { GRAFANA_DASHBOARDS } from "#lib/grafana-dashboards.ts";
import { GrafanaAbsent } from "./grafana-absent.tsx";
import { grafanaAddress } from "./grafana-address.ts";
import { GrafanaDown } from "./grafana-down.tsx";
import { GrafanaFrame } from "./grafana-frame.tsx";
import { useIsDark } from "./use-is-dark.ts";

const dashboardParser = parseAsStringLiteral(GRAFANA_DASHBOARDS).withDefault("overview");

/** Grafana's dashboards with the panel's theme and time, where there is a Grafana. */
export function GrafanaPanel() {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: queryKeys.grafana,
    queryFn: ({ signal }) => api.getGrafana({ signal }),
    refetchInterval: 15_000,
  });
  if (data === undefined)
    return error === null ? (
      <Skeleton className="h-[calc(100dvh-17rem)] min-h-120" />
    ) : (
      <ErrorState error={error} onRetry={refetch} />
    );
  if (data.state === "absent") return <GrafanaAbsent />;
  if (data.state === "down") return <GrafanaDown isLooking={isFetching} onRetry={refetch} />;
  return <Dashboards />;
}

function Dashboards() {
  const t = useTranslations("grafana");
  const charts = useTranslations("charts");
  const [dashboard, setDashboard] = useQueryState(
    "dashboard",
    dashboardParser.withOptions({ history: "push" }),
  );
  const time = useChartTime();
  const isDark = useIsDark();
  const view = { dashboard, range: time.range, from: time.from, to: time.to, isDark: isDark ?? false };
  const framed = grafanaAddress(view, true);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label={t("dashboard")}
          value={dashboard}
          onChange={(event) => void setDashboard(dashboardParser.parse(event.target.value))}
          className="max-sm:w-full sm:w-56"
        >
          {GRAFANA_DASHBOARDS.map((name) => (
            <option key={name} value={name}>
              {t(`dashboards.${name}`)}
            </option>
          ))}
        </Select>
        <Segmented
          label={charts("range")}
          value={time.isZoomed ? "" : time.range}
          options={CHART_RANGES.map((value) => ({ value, label: charts(`ranges.${value}`) }))}
          onChange={(next) => next !== "" && time.setRange(next)}
          className="max-sm:w-full"
        />
        <Button asChild className="sm:ms-auto">
          <a href={grafanaAddress(view, false)} target="_blank" rel="noreferrer">
            <ExternalLink aria-hidden />
            {t("full")}
          </a>
        </Button>
      </div>
      {isDark === null ? (
        <Skeleton className="h-[calc(100dvh-17rem)] min-h-120" />
      ) : (
        <GrafanaFrame
          key={framed}
          address={framed}
          title={t("frame", { dashboard: t(`dashboards.${dashboard}`) })}
        />
      )}
    </div>
  );
}
