"use client";
import { Play } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { AccessSkeleton } from "#components/access/access-skeleton.tsx";
import { ActivityTabs } from "#components/activity/activity-tabs.tsx";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { RelativeTime } from "#components/time.tsx";
import { toast } from "#components/toast.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { StatusDot } from "#components/ui/status-dot.tsx";
import { formatMeasure } from "#lib/format-measure.ts";
import type { Job } from "#lib/schemas/job.ts";
import { useJobs, useRunJob } from "./use-jobs.ts";

/** Work that happens by itself: its rhythm, how it went last, and a way to have it now. */
export function JobsPage() {
  const t = useTranslations("jobs");
  const activity = useTranslations("activity");
  const { data, error, refetch } = useJobs();
  const failed = data?.items.filter(({ lastRun }) => lastRun?.error).length ?? 0;
  return (
    <>
      <PageHeader title={activity("title")}>{data ? t("state", { failed }) : null}</PageHeader>
      <ActivityTabs />
      {error && data ? (
        <Notice tone="warn" role="status" className="mb-4">
          {error.message}
        </Notice>
      ) : null}
      {data ? (
        <ul aria-label={t("title")} className="divide-y rounded-lg border">
          {data.items.map((job) => (
            <JobRow key={job.name} job={job} />
          ))}
        </ul>
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <AccessSkeleton />
      )}
    </>
  );
}

function JobRow({ job }: { job: Job }) {
  const t = useTranslations("jobs");
  const run = useRunJob();
  const { lastRun, nextRunAt } = job;
  const name = t(`name.${job.name}`);
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-3 p-4 text-sm">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-3">
          <span className="font-medium text-base">{name}</span>
          {job.isUnderWay ? (
            <StatusDot tone="accent">{t("running")}</StatusDot>
          ) : lastRun === null ? (
            <StatusDot tone="idle">{t("never")}</StatusDot>
          ) : (
            <StatusDot tone={lastRun.error === null ? "good" : "bad"}>
              {lastRun.error === null ? t("done") : t("failed")}
            </StatusDot>
          )}
        </p>
        <p className="text-pretty text-ink-2">{t(`text.${job.name}`)}</p>
        <p className="text-ink-3">
          {t("every", { minutes: Math.round(job.everySeconds / 60) })}
          {nextRunAt === null ? null : (
            <>
              {" · "}
              {t.rich("next", { time: () => <RelativeTime at={nextRunAt} /> })}
            </>
          )}
          {lastRun === null ? null : (
            <>
              {" · "}
              {t.rich("last", {
                time: () => <RelativeTime at={lastRun.at} />,
                took: formatMeasure("seconds", lastRun.seconds),
              })}
            </>
          )}
          {lastRun?.traceId ? (
            <>
              {" · "}
              <Link
                href={`/observability/traces?trace=${lastRun.traceId}`}
                prefetch={false}
                className="rounded-sm text-accent-text underline underline-offset-2"
              >
                {t("trace")}
              </Link>
            </>
          ) : null}
        </p>
        {lastRun?.error ? (
          <Notice tone="bad" className="mt-3">
            {lastRun.error}
          </Notice>
        ) : null}
      </div>
      <Button
        isBusy={run.isPending}
        disabled={job.isUnderWay}
        aria-label={t("runNamed", { name })}
        onClick={() => run.mutate(job.name, { onSuccess: () => toast.success(t("started", { name })) })}
      >
        <Play aria-hidden />
        {t("run")}
      </Button>
    </li>
  );
}
