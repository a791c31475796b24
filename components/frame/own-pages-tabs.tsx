"use client";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { LinkTabs } from "#components/ui/link-tabs.tsx";
import { isCurrent, PERSON_NAV } from "./navigation.ts";

/** An operator's own pages are not in the sidebar: tabs lead from one to the next. */
export function OwnPagesTabs() {
  const t = useTranslations("frame");
  const nav = useTranslations("nav");
  const pathname = usePathname();
  if (!PERSON_NAV.some((item) => isCurrent(item, pathname))) return null;
  return (
    <LinkTabs
      label={t("ownPages")}
      className="mb-6"
      items={PERSON_NAV.map((item) => ({
        href: item.href,
        label: nav(item.key),
        isActive: isCurrent(item, pathname),
      }))}
    />
  );
}
