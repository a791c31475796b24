"use client";
import { ChevronRight } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useId, useState } from "react";
import { useTimeZone } from "#components/now.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { EntryDetails } from "./activity-details.tsx";
import { ActivitySentence, type AuditEntry } from "./activity-sentence.tsx";
import { useDetailWords } from "./use-detail-words.ts";

/** When, who did what, with what; the rest folded away. */
export function ActivityRow({ entry }: { entry: AuditEntry }) {
  const t = useTranslations("activity");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const words = useDetailWords();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const date = new Date(entry.at);
  // A new account's empty fields say nothing; a field that was emptied does.
  const isChange = entry.action.endsWith(".update");
  const summary = words(entry.details)
    .filter(({ value }) => isChange || value !== null)
    .map(({ name, value }) => t("field", { name, value: value ?? t("nothing") }));
  return (
    <li className="flex gap-4 py-1.5 ps-4 pe-1.5 text-sm hover:bg-hover">
      <time
        dateTime={entry.at}
        title={format.dateTime(date, { dateStyle: "full", timeStyle: "medium", timeZone })}
        className="shrink-0 pt-1.5 text-ink-3 tabular-nums pointer-coarse:pt-2.5"
      >
        {format.dateTime(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone })}
      </time>
      <div className="min-w-0 flex-1 py-1.5 pointer-coarse:py-2.5">
        <p className="text-pretty break-words">
          <ActivitySentence entry={entry} />
          {summary.length === 0 ? null : <span className="text-ink-3"> · {summary.join(" · ")}</span>}
        </p>
        {isOpen ? <EntryDetails entry={entry} id={id} /> : null}
      </div>
      <Button
        variant="ghost"
        size="icon"
        aria-label={t("detailsOf")}
        aria-expanded={isOpen}
        {...(isOpen ? { "aria-controls": id } : {})}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight
          aria-hidden
          className={cn("transition-transform duration-100", isOpen ? "rotate-90" : "rtl:rotate-180")}
        />
      </Button>
    </li>
  );
}
