"use client";
import { Ellipsis } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { cn } from "#components/ui/cn.ts";
import { isCurrent, type NavItem } from "./navigation.ts";

const RestSheet = dynamic(() => import("./rest-sheet.tsx").then((module) => module.RestSheet));

const tabStyle = "flex flex-1 flex-col items-center justify-center gap-0.5 text-xs";

/** Below 768 px: the four most used, and a sheet for the rest. */
export function BottomBar(props: { items: readonly NavItem[]; rest: readonly NavItem[] }) {
  const t = useTranslations("frame");
  const nav = useTranslations("nav");
  const pathname = usePathname();
  const [isOpen, setOpen] = useState(false);
  const main = props.items.filter((item) => !item.isRare).slice(0, 4);
  const rest = [...props.items.filter((item) => !main.includes(item)), ...props.rest];
  return (
    <nav
      aria-label={t("navigation")}
      className="fixed inset-x-0 bottom-0 z-30 flex border-t bg-canvas pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {main.map((item) => {
        const isActive = isCurrent(item, pathname);
        return (
          <Link
            key={item.key}
            href={item.href}
            aria-current={isActive ? "page" : undefined}
            className={cn(tabStyle, "h-14", isActive ? "font-medium text-accent-text" : "text-ink-2")}
          >
            <item.icon aria-hidden className="size-5" />
            {nav(item.key)}
          </Link>
        );
      })}
      {rest.length > 0 ? (
        <button type="button" className={cn(tabStyle, "h-14 text-ink-2")} onClick={() => setOpen(true)}>
          <Ellipsis aria-hidden className="size-5" />
          {t("more")}
        </button>
      ) : null}
      {isOpen ? <RestSheet items={rest} onClose={() => setOpen(false)} /> : null}
    </nav>
  );
}
