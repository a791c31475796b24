"use client";
import { useTranslations } from "next-intl";
import { MessagePage } from "#components/message-page.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const t = useTranslations("error");
  return (
    <MessagePage isFramed title={t("pageTitle")} text={t("pageText")}>
      <Button variant="primary" onClick={reset}>
        {t("retry")}
      </Button>
      {error.digest ? (
        <CopyButton text={error.digest} label={t("copyDigest")}>
          {t("copyDigest")}
        </CopyButton>
      ) : null}
    </MessagePage>
  );
}
