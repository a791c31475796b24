"use client";
import { ChartLine } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "#components/ui/empty-state.tsx";

export function ChartsPanel() {
  const t = useTranslations("observability");
  return <EmptyState icon={ChartLine}>{t("chartsSoon")}</EmptyState>;
}
