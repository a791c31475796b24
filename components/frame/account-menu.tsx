"use client";
import { useTranslations } from "next-intl";
import { useMe } from "#components/me.tsx";
import { LazyMenu } from "#components/ui/lazy-menu.tsx";

const load = () => import("./account-menu-items.tsx").then((module) => module.AccountMenuItems);

export function AccountMenu() {
  const me = useMe();
  const t = useTranslations("frame");
  return (
    <LazyMenu
      load={load}
      menuProps={{}}
      trigger={
        <button
          type="button"
          aria-label={t("account", { name: me.name })}
          className="flex size-8 items-center justify-center rounded-full pointer-coarse:size-10"
        >
          <span
            aria-hidden
            className="flex size-7 items-center justify-center rounded-full bg-accent-well font-semibold text-accent-text text-xs uppercase"
          >
            {me.name.slice(0, 1)}
          </span>
        </button>
      }
    />
  );
}
