"use client";
import { useTranslations } from "next-intl";
import { RelativeTime } from "#components/time.tsx";
import { StatusDot } from "#components/ui/status-dot.tsx";
import { formatMeasure } from "#lib/format-measure.ts";
import type { TraceSummary } from "#lib/schemas/trace.ts";

/** Newest first. The bar compares durations at a glance: its full width is the slowest in sight. */
export function TraceList(props: { traces: readonly TraceSummary[]; onOpen: (id: string) => void }) {
  const t = useTranslations("traces");
  const slowest = Math.max(1, ...props.traces.map(({ milliseconds }) => milliseconds));
  return (
    <ol className="divide-y overflow-hidden rounded-lg border">
      {props.traces.map((trace) => (
        <li key={trace.id}>
          <button
            type="button"
            onClick={() => props.onOpen(trace.id)}
            className="flex w-full flex-col gap-1 px-4 py-2.5 text-start hover:bg-hover focus-visible:-outline-offset-2"
          >
            <span className="flex w-full flex-wrap items-baseline gap-x-4 gap-y-0.5">
              <span className="min-w-0 flex-1 basis-52 truncate font-mono text-sm">{trace.name}</span>
              {trace.hasError ? (
                <StatusDot tone="bad" className="text-sm">
                  {t("failed")}
                </StatusDot>
              ) : null}
              <span className="text-sm tabular-nums">
                {formatMeasure("seconds", trace.milliseconds / 1_000)}
              </span>
              <span className="text-ink-3 text-sm sm:w-24 sm:text-end">
                <RelativeTime at={trace.at} />
              </span>
            </span>
            <span className="flex w-full items-center gap-4 text-ink-3 text-xs">
              <span className="min-w-0 truncate">
                {t("spans", { count: trace.spans, programs: trace.programs.join(" → ") })}
              </span>
              <span aria-hidden className="ms-auto hidden h-1 w-40 shrink-0 rounded-full bg-well sm:block">
                <span
                  className="block h-1 rounded-full bg-accent"
                  style={{ width: `${Math.max(1, (trace.milliseconds / slowest) * 100)}%` }}
                />
              </span>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
