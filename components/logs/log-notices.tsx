"use client";
import { useTranslations } from "next-intl";
import { Notice } from "#components/ui/notice.tsx";

type LogWarnings = { isLost: boolean; isEnded: boolean; isSkipping: boolean };

/** Why lines may be missing. */
export function LogNotices({ isLost, isEnded, isSkipping }: LogWarnings) {
  const t = useTranslations("logs");
  return (
    <>
      {isLost ? <Notice tone="warn">{t("lostText")}</Notice> : null}
      {isEnded ? <Notice tone="warn">{t("endedText")}</Notice> : null}
      {isSkipping ? <Notice tone="info">{t("skippedText")}</Notice> : null}
    </>
  );
}

/** What people visit is in these lines. */
export function DestinationsNotice() {
  const t = useTranslations("logs");
  return (
    <Notice tone="warn" className="mb-2">
      {t("keepsDestinations")}
    </Notice>
  );
}
