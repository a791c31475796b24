"use client";
import { PanelLeft } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { Logo } from "./logo.tsx";
import { isCurrent, type NavItem } from "./navigation.ts";

export function Sidebar(props: { items: readonly NavItem[]; isCollapsed: boolean; onToggle: () => void }) {
  const t = useTranslations("frame");
  const nav = useTranslations("nav");
  const pathname = usePathname();
  const { isCollapsed } = props;
  return (
    <aside
      className={cn("hidden shrink-0 border-line border-e bg-rail md:block", isCollapsed ? "w-14" : "w-60")}
    >
      <div className="sticky top-0 flex h-dvh flex-col">
        <Link
          href="/"
          className={cn("flex h-13 items-center gap-2.5", isCollapsed ? "justify-center" : "px-4")}
          aria-label={t("home")}
        >
          <Logo className="size-6" />
          {isCollapsed ? null : <span className="font-semibold tracking-tight">Causeway</span>}
        </Link>
        <nav aria-label={t("navigation")} className="flex flex-1 flex-col gap-0.5 overflow-y-auto px-2 py-2">
          {props.items.map((item) => {
            const isActive = isCurrent(item, pathname);
            const link = (
              <Link
                key={item.key}
                href={item.href}
                aria-current={isActive ? "page" : undefined}
                aria-label={isCollapsed ? nav(item.key) : undefined}
                className={cn(
                  "flex h-8 items-center gap-2.5 rounded-md text-base transition-colors duration-100",
                  isCollapsed ? "justify-center" : "px-2",
                  isActive ? "bg-press/70 font-medium text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
                )}
              >
                <item.icon
                  aria-hidden
                  className={cn("size-4 shrink-0", isActive ? "text-accent-text" : "text-ink-3")}
                />
                {isCollapsed ? null : nav(item.key)}
              </Link>
            );
            return isCollapsed ? (
              <Tooltip key={item.key} content={nav(item.key)} side="right">
                {link}
              </Tooltip>
            ) : (
              link
            );
          })}
        </nav>
        <div className={cn("flex p-2", isCollapsed && "justify-center")}>
          <Button
            variant="ghost"
            size="icon"
            onClick={props.onToggle}
            aria-label={isCollapsed ? t("expand") : t("collapse")}
            aria-expanded={!isCollapsed}
          >
            <PanelLeft aria-hidden />
          </Button>
        </div>
      </div>
    </aside>
  );
}
