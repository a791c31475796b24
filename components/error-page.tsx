"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { MessagePage } from "./message-page.tsx";
import { Button } from "./ui/button.tsx";
import { CopyButton } from "./ui/copy-button.tsx";

export type ErrorPageProps = { error: Error & { digest?: string }; reset: () => void };

/** A page that could not be shown: what to do, and the request id and digest that the server's log carries. */
export function ErrorPage({ error, reset, isFramed = false }: ErrorPageProps & { isFramed?: boolean }) {
  const t = useTranslations("error");
  const reference = [useRequestId(), error.digest].filter((part) => part != null).join(" ");
  return (
    <MessagePage isFramed={isFramed} title={t("pageTitle")} text={t("pageText")}>
      <Button variant="primary" onClick={reset}>
        {t("retry")}
      </Button>
      {reference === "" ? null : (
        <CopyButton text={reference} label={t("copyDigest")}>
          {t("copyDigest")}
        </CopyButton>
      )}
      {reference === "" ? null : <p className="w-full break-all font-mono text-ink-3 text-sm">{reference}</p>}
    </MessagePage>
  );
}

/** Of the document: a page that was reached inside it had a request of its own, which only the digest names. */
function useRequestId(): string | null {
  const [requestId, setRequestId] = useState<string | null>(null);
  useEffect(() => {
    const [loaded] = performance.getEntriesByType("navigation");
    if (loaded === undefined || new URL(loaded.name).pathname !== location.pathname) return;
    setRequestId(document.querySelector<HTMLMetaElement>("meta[name=request-id]")?.content ?? null);
  }, []);
  return requestId;
}
