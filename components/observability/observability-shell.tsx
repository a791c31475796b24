"use client";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { PageHeader } from "#components/page-header.tsx";
import { LinkTabs } from "#components/ui/link-tabs.tsx";

const TABS = [
  { key: "charts", href: "/observability" },
  { key: "grafana", href: "/observability/grafana" },
  { key: "traces", href: "/observability/traces" },
] as const;

/** Title and tabs around one of the three; each tab has its URL. */
export function ObservabilityShell({ children }: { children: ReactNode }) {
  const t = useTranslations("observability");
  const pathname = usePathname();
  return (
    <>
      <PageHeader title={t("title")}>{t("state")}</PageHeader>
      <LinkTabs
        label={t("tabs")}
        className="mb-6"
        items={TABS.map(({ key, href }) => ({ href, label: t(key), isActive: pathname === href }))}
      />
      {children}
    </>
  );
}
