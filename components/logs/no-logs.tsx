"use client";
import { ScrollText } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

export function NoLogs({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const t = useTranslations("logs");
  return (
    <EmptyState
      icon={ScrollText}
      action={isFiltered ? <Button onClick={onClear}>{t("clear")}</Button> : null}
    >
      {isFiltered ? t("noneFiltered") : t("none")}
    </EmptyState>
  );
}
