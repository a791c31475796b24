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
import type { MenuProps } from "#components/ui/lazy-menu.tsx";
import { PERSON_NAV } from "./navigation.ts";
import { signOut } from "./sign-out.ts";

export function AccountMenuItems({ trigger, defaultOpen }: MenuProps) {
  const me = useMe();
  const t = useTranslations("frame");
  const nav = useTranslations("nav");
  const roles = useTranslations("role");
  return (
    <DropdownMenu defaultOpen={defaultOpen}>
      <DropdownMenuTrigger asChild>{trigger}</DropdownMenuTrigger>
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
