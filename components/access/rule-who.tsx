"use client";
import { Ban, Globe, type LucideIcon, ShieldCheck, UserRoundCheck, UsersRound } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { cn } from "#components/ui/cn.ts";
import type { Rule } from "./use-access.ts";

const ICON: Record<Rule["policy"], LucideIcon> = {
  public: Globe,
  any_user: UserRoundCheck,
  roles: ShieldCheck,
  groups: UsersRound,
  deny: Ban,
};

const TONE: Partial<Record<Rule["policy"], string>> = { public: "text-warn-text", deny: "text-bad-text" };

/** Whom a rule lets in, in words; open to the world and closed to everybody stand out. */
export function RuleWho({ rule }: { rule: Pick<Rule, "policy" | "roles" | "groups"> }) {
  const words = useRuleWho();
  const Icon = ICON[rule.policy];
  return (
    <span className="flex min-w-0 items-start gap-2">
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", TONE[rule.policy] ?? "text-ink-3")} />
      <span className="block min-w-0 break-words first-letter:uppercase">{words(rule)}</span>
    </span>
  );
}

function useRuleWho(): (rule: Pick<Rule, "policy" | "roles" | "groups">) => string {
  const t = useTranslations("accessRules");
  const format = useFormatter();
  return ({ policy, roles, groups }) => {
    if (policy === "roles") {
      const names = format.list(
        roles.map((role) => t(`roles.${role}`)),
        { type: "conjunction" },
      );
      return t("who.roles", { names });
    }
    if (policy === "groups")
      return t("who.groups", { count: groups.length, names: format.list(groups, { type: "disjunction" }) });
    return t(`who.${policy}`);
  };
}
