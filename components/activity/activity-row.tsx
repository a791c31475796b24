"use client";
import { ChevronRight } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useTimeZone } from "#components/now.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ActivitySentence, type AuditEntry } from "./activity-sentence.tsx";
import { describeDetail } from "./describe-detail.ts";

/** When, who did what; the rest folded away. */
export function ActivityRow({ entry }: { entry: AuditEntry }) {
  const t = useTranslations("activity");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const date = new Date(entry.at);
  const fields = Object.entries(entry.details);
  const fieldName = (field: string) => {
    const key = `fields.${field}` as Parameters<typeof t.has>[0];
    return t.has(key) ? t(key as "fields.note") : field;
  };
  const summary = fields.map(([field, value]) => `${fieldName(field)} ${describeDetail(field, value)}`);
  return (
    <li className="relative flex gap-4 px-4 py-2.5 text-sm hover:bg-hover">
      <time
        dateTime={entry.at}
        title={format.dateTime(date, { dateStyle: "full", timeStyle: "medium", timeZone })}
        className="shrink-0 text-ink-3 tabular-nums"
      >
        {format.dateTime(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone })}
      </time>
      <div className="min-w-0 flex-1">
        <p className="text-pretty break-words">
          <ActivitySentence entry={entry} />
          {summary.length === 0 ? null : <span className="text-ink-3"> · {summary.join(" · ")}</span>}
        </p>
        <details className="group">
          <summary className="inline-flex items-center gap-0.5 rounded-sm text-ink-3 text-xs hover:text-ink">
            <ChevronRight
              aria-hidden
              className="-ms-1 size-3.5 transition-transform duration-100 group-open:rotate-90 rtl:rotate-180"
            />
            {t("details")}
          </summary>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 py-2">
            <Detail name={t("action")}>
              <span className="font-mono">{entry.action}</span>
            </Detail>
            {entry.ip === null ? null : (
              <Detail name={t("ip")}>
                <span className="font-mono">{entry.ip}</span>
              </Detail>
            )}
            {fields.map(([field, value]) => (
              <Detail key={field} name={fieldName(field)}>
                {describeDetail(field, value)}
              </Detail>
            ))}
            {entry.requestId === null ? null : (
              <Detail name={t("request")}>
                <span className="flex items-center gap-1">
                  <span className="truncate font-mono">{entry.requestId}</span>
                  <CopyButton text={entry.requestId} label={t("copyRequest")} className="-my-1.5" />
                </span>
              </Detail>
            )}
          </dl>
        </details>
      </div>
    </li>
  );
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words text-ink-2">{children}</dd>
    </>
  );
}
