"use client";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { LinkTabs } from "#components/ui/link-tabs.tsx";

/** What people did, what they have open, what programs said, and what is done by itself. */
export function ActivityTabs() {
  const t = useTranslations("activity");
  const pathname = usePathname();
  const items = [
    { href: "/activity", label: t("audit") },
    { href: "/activity/connections", label: t("connections") },
    { href: "/activity/logs", label: t("logs") },
    { href: "/activity/jobs", label: t("jobs") },
  ];
  return (
    <LinkTabs
      label={t("tabs")}
      items={items.map((item) => ({ ...item, isActive: pathname === item.href }))}
      className="mb-4"
    />
  );
}
