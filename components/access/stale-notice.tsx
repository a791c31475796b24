"use client";
import { useTranslations } from "next-intl";
import { RelativeTime } from "#components/time.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { AccessPolicy } from "#lib/schemas/access.ts";
import { type RulesDraft, setRulesDraft } from "./rules-draft.ts";

/** Somebody else was quicker: nothing is lost, and neither list wins by itself. */
export function StaleNotice({ policy, draft }: { policy: AccessPolicy; draft: RulesDraft }) {
  const t = useTranslations("accessRules");
  const { version, changedAt, changedBy } = policy;
  return (
    <Notice tone="warn" role="alert">
      <p>
        {t.rich("staleBy", {
          by: changedBy ?? "",
          version,
          time: () => (changedAt === null ? null : <RelativeTime at={changedAt} />),
        })}
      </p>
      <p className="flex flex-wrap gap-2 pt-2">
        <Button onClick={() => setRulesDraft(null)}>{t("staleTheirs")}</Button>
        <Button onClick={() => setRulesDraft({ ...draft, version })}>{t("staleMine")}</Button>
      </p>
    </Notice>
  );
}
