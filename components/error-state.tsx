"use client";
import { RotateCw, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { ApiError } from "#lib/api-error.ts";
import { Button } from "./ui/button.tsx";
import { CopyButton } from "./ui/copy-button.tsx";

/** What happened, what to do, and the request id; the rest of the page stays alive. */
export function ErrorState({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const t = useTranslations("error");
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <div role="alert" className="flex flex-col items-center gap-4 rounded-lg border px-4 py-12 text-center">
      <span className="flex size-10 items-center justify-center rounded-lg border bg-bad-well text-bad-text">
        <TriangleAlert aria-hidden className="size-5" />
      </span>
      <div className="flex max-w-105 flex-col gap-1">
        <p className="font-medium">{t("title")}</p>
        <p className="text-pretty text-ink-2">{error instanceof ApiError ? error.detail : t("unknown")}</p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        {onRetry ? (
          <Button onClick={onRetry}>
            <RotateCw aria-hidden />
            {t("retry")}
          </Button>
        ) : null}
        {requestId ? (
          <CopyButton text={requestId} label={t("copyRequestId")} variant="ghost">
            {t("copyRequestId")}
          </CopyButton>
        ) : null}
      </div>
    </div>
  );
}
