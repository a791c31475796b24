"use client";
import { X } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useTimeZone } from "#components/now.tsx";
import { Button } from "#components/ui/button.tsx";
import type { LogFilters } from "./log-query.ts";

type Props = {
  filters: LogFilters;
  onChange: (patch: Partial<LogFilters>) => void;
  onClear: () => void;
};

/** Filters that no select shows, each with its way out. */
export function LogChips({ filters, onChange, onClear }: Props) {
  const t = useTranslations("logs");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const moment = (date: Date | null) =>
    date && format.dateTime(date, { dateStyle: "medium", timeStyle: "medium", timeZone });
  const chips = [
    { key: "user", name: t("user"), value: filters.user },
    { key: "requestId", name: t("requestId"), value: filters.requestId },
    { key: "traceId", name: t("traceId"), value: filters.traceId },
    { key: "from", name: t("from"), value: moment(filters.from) },
    { key: "to", name: t("to"), value: moment(filters.to) },
  ].filter(({ value }) => value !== null);
  return (
    <div className="flex flex-wrap items-center gap-2">
      {chips.map(({ key, name, value }) => (
        <span
          key={key}
          className="inline-flex h-7 max-w-full items-center gap-1 rounded-md border border-accent bg-accent-well ps-2 text-accent-text text-xs pointer-coarse:h-9"
        >
          <span className="font-medium">{name}</span>
          <span className="min-w-0 truncate font-mono">{value}</span>
          <button
            type="button"
            aria-label={t("remove", { name })}
            onClick={() => onChange({ [key]: null })}
            className="flex size-7 shrink-0 items-center justify-center rounded-md pointer-coarse:size-9"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      ))}
      <Button variant="ghost" size="sm" onClick={onClear}>
        {t("clear")}
      </Button>
    </div>
  );
}
