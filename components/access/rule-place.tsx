"use client";
import { useTranslations } from "next-intl";
import type { Rule } from "./use-access.ts";

/** Host and path as they are written; the widest of each in words. */
export function RulePlace({ rule }: { rule: Pick<Rule, "host" | "path"> }) {
  const t = useTranslations("accessRules");
  return (
    <span className="min-w-0 break-words">
      {rule.host === "*" ? (
        <span className="font-medium">{t("anyHost")}</span>
      ) : (
        <span className="break-all font-medium font-mono">{rule.host}</span>
      )}{" "}
      {rule.path === "/*" ? (
        <span className="text-ink-3">{t("anyPath")}</span>
      ) : (
        <span className="break-all font-mono text-ink-2">{rule.path}</span>
      )}
    </span>
  );
}
