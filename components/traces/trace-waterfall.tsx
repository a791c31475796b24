"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { cn } from "#components/ui/cn.ts";
import { formatMeasure } from "#lib/format-measure.ts";
import type { Trace } from "#lib/schemas/trace.ts";

type Node = Trace["tree"][number];
const MAX_INDENT = 8;

/** What happened when: each span under the one that caused it, its bar where it lay in the whole. */
export function TraceWaterfall({ trace }: { trace: Trace }) {
  const t = useTranslations("traces");
  return (
    <ol aria-label={t("waterfall")} className="flex flex-col">
      {trace.tree.map((span, index) => (
        <SpanRow
          key={span.id}
          span={span}
          total={Math.max(trace.milliseconds, 0.001)}
          isNewProgram={trace.tree[index - 1]?.program !== span.program}
        />
      ))}
    </ol>
  );
}

function SpanRow({ span, total, isNewProgram }: { span: Node; total: number; isNewProgram: boolean }) {
  const t = useTranslations("traces");
  const [isOpen, setOpen] = useState(false);
  const attributes = Object.entries(span.attributes);
  const start = Math.min(99, Math.max(0, (span.startMs / total) * 100));
  const width = Math.min(100 - start, Math.max(0.6, (span.milliseconds / total) * 100));
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full flex-col gap-1 rounded-md px-2 py-1.5 text-start hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span
          className="flex w-full items-baseline gap-3 text-sm"
          style={{ paddingInlineStart: Math.min(span.depth, MAX_INDENT) * 12 }}
        >
          <span className="min-w-0 flex-1 truncate">
            {isNewProgram ? <span className="me-1.5 font-medium">{span.program}</span> : null}
            <span className="font-mono">{span.name}</span>
          </span>
          {span.hasError ? <span className="text-bad-text text-xs">{t("failed")}</span> : null}
          <span className="text-ink-3 text-xs tabular-nums">
            {formatMeasure("seconds", span.milliseconds / 1_000)}
          </span>
        </span>
        <span aria-hidden className="h-1 w-full rounded-full bg-well">
          <span
            className={cn("block h-1 rounded-full", span.hasError ? "bg-bad" : "bg-accent")}
            style={{ marginInlineStart: `${start}%`, width: `${width}%` }}
          />
        </span>
      </button>
      {isOpen ? (
        <dl className="mb-2 grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-0.5 rounded-md bg-well px-3 py-2 font-mono text-xs">
          {attributes.length === 0 ? <dd className="col-span-2 text-ink-3">{t("noAttributes")}</dd> : null}
          {attributes.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-3">{name}</dt>
              <dd className="whitespace-pre-wrap break-words">{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </li>
  );
}
