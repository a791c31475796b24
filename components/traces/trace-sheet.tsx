"use client";
import { ExternalLink, ScrollText } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ErrorState } from "#components/error-state.tsx";
import { AbsoluteTime } from "#components/time.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { formatMeasure } from "#lib/format-measure.ts";
import { TraceWaterfall } from "./trace-waterfall.tsx";
import { useTrace } from "./use-traces.ts";

/** One trace over the list, with the way to its log lines. */
export function TraceSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations("traces");
  const { data, error, refetch } = useTrace(id);
  return (
    <Sheet
      isOpen
      onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}
      title={data?.name ?? t("trace")}
      closeLabel={t("close")}
      className="sm:max-w-page"
    >
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <div className="flex flex-col gap-5">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2 text-sm">
            <AbsoluteTime at={data.at} withTime />
            <span className="tabular-nums">{formatMeasure("seconds", data.milliseconds / 1_000)}</span>
            <span>{t("spans", { count: data.spans, programs: data.programs.join(" → ") })}</span>
          </p>
          <div className="flex flex-wrap items-center gap-2">
            <Button asChild>
              <Link href={`/activity/logs?traceId=${data.id}`}>
                <ScrollText aria-hidden />
                {t("logLines")}
              </Link>
            </Button>
            {data.pagesPath === null ? null : (
              <Button asChild>
                <a href={`${data.pagesPath}/trace/${data.id}`} target="_blank" rel="noreferrer">
                  <ExternalLink aria-hidden />
                  {t("inJaeger")}
                </a>
              </Button>
            )}
            <CopyButton text={data.id} label={t("copyId")} variant="ghost">
              {t("copyId")}
            </CopyButton>
          </div>
          <TraceWaterfall trace={data} />
        </div>
      ) : null}
      {!(data || error) ? <Skeleton className="h-80 w-full" /> : null}
    </Sheet>
  );
}
