"use client";
import { useTranslations } from "next-intl";
import { MetricChart } from "#components/charts/metric-chart.tsx";
import { TrafficChart } from "#components/charts/traffic-chart.tsx";
import { useChartTime } from "#components/charts/use-chart-time.ts";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Section } from "#components/section.tsx";
import { AlertList } from "#components/status/alert-list.tsx";
import { useStatus } from "#components/status/use-status.ts";
import { RelativeTime } from "#components/time.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useTotalUsage } from "#components/usage/use-usage.ts";
import { ApiError } from "#lib/api-error.ts";
import { LiveTraffic } from "./live-traffic.tsx";
import { OverviewSkeleton } from "./overview-skeleton.tsx";
import { PeopleFigures } from "./people-figures.tsx";
import { ProgramList } from "./program-list.tsx";
import { TodayByDoor } from "./today-by-door.tsx";
import { TopUsers } from "./top-users.tsx";

/** Is all well, who is using it, what should be done about it. */
export function OverviewPage() {
  const t = useTranslations("overview");
  const charts = useTranslations("charts");
  const { data: status, error, refetch } = useStatus();
  const time = useChartTime();
  const usage = useTotalUsage(time);
  if (!status) {
    if (!error) return <OverviewSkeleton />;
    return (
      <>
        <PageHeader title={t("title")} />
        <ErrorState error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  const down = status.programs.filter((program) => !program.isUp);
  return (
    <>
      <PageHeader title={t("title")}>
        {down.length === 0
          ? t("allRunning")
          : t("someDown", { names: down.map((program) => program.name).join(", "), count: down.length })}{" "}
        {t("people", { total: status.users.total, online: status.users.online })}
        {status.users.limited > 0 ? `, ${t("limited", { count: status.users.limited })}` : null}.
      </PageHeader>
      <div className="flex flex-col gap-10">
        {error || status.alerts.length + status.notices.length > 0 ? (
          <div className="flex flex-col gap-2">
            {error ? (
              <Notice tone="bad" role="status">
                {error instanceof ApiError && error.code === "UNAVAILABLE"
                  ? `${error.detail} `
                  : `${t("lost")} `}
                {t.rich("stale", { time: () => <RelativeTime at={status.at} /> })}
              </Notice>
            ) : null}
            <AlertList alerts={status.alerts} />
            {status.notices.map((notice) => (
              <Notice key={notice} tone="warn">
                {notice}
              </Notice>
            ))}
          </div>
        ) : null}
        <PeopleFigures users={status.users} today={status.today} />
        <TrafficChart title={t("traffic")} time={time} result={usage} empty={charts("noTraffic")} />
        <Section title={t("trafficNow")} action={<span className="text-ink-3 text-xs">{t("liveHint")}</span>}>
          <LiveTraffic today={status.today} at={status.at} />
        </Section>
        <div className="grid gap-x-12 gap-y-10 lg:grid-cols-2">
          <MetricChart series="users-online" time={time} />
          <MetricChart series="decisions" time={time} />
        </div>
        <div className="grid gap-x-12 gap-y-10 lg:grid-cols-2">
          <TodayByDoor today={status.today} />
          <TopUsers />
        </div>
        <Section
          title={t("programs")}
          action={<span className="text-ink-3 text-xs">{t("version", { version: status.version })}</span>}
        >
          <ProgramList programs={status.programs} />
        </Section>
      </div>
    </>
  );
}
