"use client";
import { useTranslations } from "next-intl";
import { formatBytes } from "#lib/format-bytes.ts";
import type { LogPrograms } from "#lib/schemas/log.ts";

/** How much there is, and how long it stays. */
export function LogsState({ programs }: { programs: LogPrograms | undefined }) {
  const t = useTranslations("logs");
  if (!programs) return t("state");
  const { items, totalBytes, capBytes, keepDays } = programs;
  return t("stateFull", {
    programs: items.length,
    total: formatBytes(totalBytes),
    cap: formatBytes(capBytes),
    days: keepDays,
  });
}
