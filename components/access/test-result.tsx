"use client";
import { CircleCheck, CircleX, LogIn } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { cn } from "#components/ui/cn.ts";
import type { AccessTest } from "#lib/schemas/access.ts";
import { RulePlace } from "./rule-place.tsx";
import { RuleWho } from "./rule-who.tsx";
import { useAccessPolicy } from "./use-access.ts";

const LOOK = {
  allow: { Icon: CircleCheck, tone: "text-good-text" },
  sign_in: { Icon: LogIn, tone: "text-warn-text" },
  deny: { Icon: CircleX, tone: "text-bad-text" },
} as const;

/** The outcome, why, and the rule that says so. */
export function TestResult({ result }: { result: AccessTest }) {
  const t = useTranslations("accessTest");
  const policy = useAccessPolicy();
  const { Icon, tone } = LOOK[result.outcome];
  const rule = result.rule === null ? undefined : policy.data?.rules[result.rule - 1];
  return (
    <section aria-labelledby="outcome" className="overflow-hidden rounded-lg border">
      <div className="flex items-start gap-3 p-4">
        <Icon aria-hidden className={cn("mt-0.5 size-5 shrink-0", tone)} />
        <div className="min-w-0">
          <h2 id="outcome" className={cn("font-semibold text-lg", tone)}>
            {t(`outcome.${result.outcome}`)}
          </h2>
          <p className="text-pretty break-words text-ink-2">{result.reason}</p>
        </div>
      </div>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-1 border-t bg-well px-4 py-3 text-sm">
        {result.rule === null ? (
          <span className="text-ink-2">{t("noRule")}</span>
        ) : (
          <>
            <span className="font-medium">{t("rule", { position: result.rule })}</span>
            {rule ? (
              <>
                <RulePlace rule={rule} />
                <RuleWho rule={rule} />
              </>
            ) : null}
            <Link
              href={`/access?rule=${result.rule}`}
              className="ms-auto rounded-sm text-accent-text hover:underline"
            >
              {t("openRule")}
            </Link>
          </>
        )}
      </div>
    </section>
  );
}
