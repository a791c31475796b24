"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { AuditEntry } from "./activity-sentence.tsx";
import { useDetailWords } from "./use-detail-words.ts";

export function EntryDetails({ entry, id }: { entry: AuditEntry; id: string }) {
  const t = useTranslations("activity");
  const words = useDetailWords();
  return (
    <dl id={id} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1 pt-2">
      <Detail name={t("action")}>
        <span className="font-mono">{entry.action}</span>
      </Detail>
      {entry.ip === null ? null : (
        <Detail name={t("ip")}>
          <span className="font-mono">{entry.ip}</span>
        </Detail>
      )}
      {words(entry.details).map(({ field, name, value }) => (
        <Detail key={field} name={name}>
          {value ?? t("nothing")}
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
  );
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3 first-letter:uppercase">{name}</dt>
      <dd className="min-w-0 break-words text-ink-2">{children}</dd>
    </>
  );
}
