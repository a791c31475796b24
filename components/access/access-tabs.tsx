"use client";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { LinkTabs } from "#components/ui/link-tabs.tsx";

/** Who sees which site, who belongs together, and what that comes to. */
export function AccessTabs() {
  const t = useTranslations("accessRules");
  const pathname = usePathname();
  const items = [
    { href: "/access", label: t("rules"), isActive: pathname === "/access" },
    { href: "/access/groups", label: t("groups"), isActive: pathname.startsWith("/access/groups") },
    { href: "/access/test", label: t("test"), isActive: pathname === "/access/test" },
  ];
  return <LinkTabs label={t("tabs")} items={items} className="mb-6" />;
}
