"use client";
import { LayoutDashboard } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "#components/ui/empty-state.tsx";

export function GrafanaPanel() {
  const t = useTranslations("observability");
  return <EmptyState icon={LayoutDashboard}>{t("grafanaSoon")}</EmptyState>;
}
