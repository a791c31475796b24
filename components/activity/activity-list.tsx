"use client";
import { useFormatter, useTranslations } from "next-intl";
import { useNow, useTimeZone } from "#components/now.tsx";
import { ActivityRow } from "./activity-row.tsx";
import type { AuditEntry } from "./activity-sentence.tsx";

const DAY_MS = 86_400_000;

/** Entries under the day they happened on, in the reader's own time zone. */
export function ActivityList({ entries }: { entries: readonly AuditEntry[] }) {
  const t = useTranslations("activity");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const now = useNow();
  const dayOf = (time: number) => format.dateTime(new Date(time), { dateStyle: "full", timeZone });
  const today = dayOf(now);
  const yesterday = dayOf(now - DAY_MS);
  const days = Map.groupBy(entries, (entry) => dayOf(Date.parse(entry.at)));
  return (
    <div className="flex flex-col gap-8">
      {[...days].map(([day, ofDay]) => (
        <section key={day} className="flex flex-col gap-2" aria-label={day}>
          <h2 className="font-medium text-ink-2 text-sm">
            {day === today ? t("today") : day === yesterday ? t("yesterday") : day}
          </h2>
          <ol className="divide-y overflow-hidden rounded-lg border">
            {ofDay.map((entry) => (
              <ActivityRow key={entry.id} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
