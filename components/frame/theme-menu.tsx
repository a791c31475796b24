"use client";
import { Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { LazyMenu } from "#components/ui/lazy-menu.tsx";

const load = () => import("./theme-menu-items.tsx").then((module) => module.ThemeMenuItems);

export function ThemeMenu() {
  const t = useTranslations("theme");
  return (
    <LazyMenu
      load={load}
      menuProps={{}}
      trigger={
        <Button variant="ghost" size="icon" aria-label={t("label")}>
          <Sun aria-hidden className="dark:hidden" />
          <Moon aria-hidden className="hidden dark:block" />
        </Button>
      }
    />
  );
}
