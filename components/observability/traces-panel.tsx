"use client";
import { Waypoints } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "#components/ui/empty-state.tsx";

export function TracesPanel() {
  const t = useTranslations("observability");
  return <EmptyState icon={Waypoints}>{t("tracesSoon")}</EmptyState>;
}
