"use client";
import { KeyRound, Mail, RotateCcw, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import type { MenuProps } from "#components/ui/lazy-menu.tsx";
import type { UserQuestion } from "./user-confirm.tsx";

/** What is seldom done with an account. */
export function UserMenu(
  props: MenuProps & { isMine: boolean; onInvite: () => void; onAsk: (question: UserQuestion) => void },
) {
  const t = useTranslations("user");
  return (
    <DropdownMenu defaultOpen={props.defaultOpen}>
      <DropdownMenuTrigger asChild>{props.trigger}</DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem onSelect={props.onInvite}>
          <Mail aria-hidden />
          {t("invite")}
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => props.onAsk("reset")}>
          <RotateCcw aria-hidden />
          {t("resetUsage")}
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => props.onAsk("rotate")}>
          <KeyRound aria-hidden />
          {t("rotate")}
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem isDanger disabled={props.isMine} onSelect={() => props.onAsk("delete")}>
          <Trash2 aria-hidden />
          {t("delete")}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
