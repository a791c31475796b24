"use client";
import { useTranslations } from "next-intl";
import { Notice } from "#components/ui/notice.tsx";
import type { LiveState } from "./use-live-logs.ts";

/** What is special about these lines, and why some may be missing. */
export function LogNotices(props: {
  keepsDestinations: boolean;
  isLost: boolean;
  state: LiveState;
  isSkipping: boolean;
}) {
  const t = useTranslations("logs");
  return (
    <div className="flex flex-col gap-2 pb-2">
      {props.keepsDestinations ? <Notice tone="warn">{t("keepsDestinations")}</Notice> : null}
      {props.isLost ? <Notice tone="warn">{t("lostText")}</Notice> : null}
      {props.state === "ended" ? <Notice tone="warn">{t("endedText")}</Notice> : null}
      {props.isSkipping ? <Notice tone="info">{t("skippedText")}</Notice> : null}
    </div>
  );
}
