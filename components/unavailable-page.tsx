"use client";
import { useTranslations } from "next-intl";
import { MessagePage } from "./message-page.tsx";
import { Button } from "./ui/button.tsx";

/** The database is away: what that means, what goes on, and where to look. */
export function UnavailablePage() {
  const t = useTranslations("unavailable");
  return (
    <MessagePage code="503" title={t("title")} text={t("text")}>
      <Button variant="primary" onClick={() => window.location.reload()}>
        {t("retry")}
      </Button>
    </MessagePage>
  );
}
