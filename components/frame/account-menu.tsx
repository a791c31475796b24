"use client";
import { LogOut } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMe } from "#components/me.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { PERSON_NAV } from "./navigation.ts";
import { signOut } from "./sign-out.ts";

export function AccountMenu() {
  const me = useMe();
  const t = useTranslations("frame");
  const nav = useTranslations("nav");
  const roles = useTranslations("role");
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={t("account", { name: me.name })}
        className="flex size-8 items-center justify-center rounded-full pointer-coarse:size-10"
      >
        <span
          aria-hidden
          className="flex size-7 items-center justify-center rounded-full bg-accent-well font-semibold text-accent-text text-xs uppercase"
        >
          {me.name.slice(0, 1)}
        </span>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuLabel className="flex flex-col pb-2">
          <span className="truncate font-medium text-ink text-sm">{me.name}</span>
          <span>{roles(me.role)}</span>
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        {PERSON_NAV.map((item) => (
          <DropdownMenuItem key={item.key} asChild>
            <Link href={item.href}>
              <item.icon aria-hidden />
              {nav(item.key)}
            </Link>
          </DropdownMenuItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void signOut()}>
          <LogOut aria-hidden />
          {t("signOut")}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
