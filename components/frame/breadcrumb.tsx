"use client";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useMe } from "#components/me.tsx";
import { OPERATOR_NAV, PERSON_NAV } from "./navigation.ts";

/** Pages of ours in places where elsewhere stands a name that somebody gave. */
const SUBPAGES = {
  "/activity/connections": "pageConnections",
  "/activity/jobs": "pageJobs",
  "/activity/logs": "pageLogs",
  "/access/groups": "pageGroups",
  "/access/test": "pageTest",
} as const;
const isSubpage = (path: string): path is keyof typeof SUBPAGES => path in SUBPAGES;

export function Breadcrumb() {
  const me = useMe();
  const t = useTranslations("frame");
  const nav = useTranslations("nav");
  const [, first = "", second] = usePathname().split("/");
  const item = [...OPERATOR_NAV, ...PERSON_NAV].find((candidate) => candidate.href === `/${first}`);
  if (!item) return <span className="flex-1" />;
  const path = `/${first}/${second}`;
  const isOwnPage = PERSON_NAV.includes(item) && me.role !== "user";
  return (
    <nav aria-label={t("breadcrumb")} className="min-w-0 flex-1">
      <ol className="flex items-center gap-1.5 text-ink-3 text-sm">
        {isOwnPage ? <Crumb>{me.name}</Crumb> : null}
        <Crumb href={second ? item.href : undefined}>{nav(item.key)}</Crumb>
        {second ? <Crumb>{isSubpage(path) ? nav(SUBPAGES[path]) : decodeURIComponent(second)}</Crumb> : null}
      </ol>
    </nav>
  );
}

function Crumb({ href, children }: { href?: string | undefined; children: string }) {
  return (
    <li className="flex min-w-0 items-center gap-1.5 [&:not(:first-child)>svg]:block [&>svg]:hidden">
      <ChevronRight aria-hidden className="size-3.5 shrink-0 rtl:rotate-180" />
      {href ? (
        <Link href={href} className="truncate rounded-sm hover:text-ink">
          {children}
        </Link>
      ) : (
        <span className="truncate text-ink-2">{children}</span>
      )}
    </li>
  );
}
