"use client";
import { useTranslations } from "next-intl";
import { MessagePage } from "./message-page.tsx";
import { Button } from "./ui/button.tsx";
import { CopyButton } from "./ui/copy-button.tsx";

export type ErrorPageProps = { error: Error & { digest?: string }; reset: () => void };

/** A page that could not be shown: what to do, and the digest that the server's log carries. */
export function ErrorPage({ error, reset, isFramed = false }: ErrorPageProps & { isFramed?: boolean }) {
  const t = useTranslations("error");
  return (
    <MessagePage isFramed={isFramed} title={t("pageTitle")} text={t("pageText")}>
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
