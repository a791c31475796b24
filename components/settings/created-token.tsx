"use client";
import { useTranslations } from "next-intl";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** The one time that a token is in sight. */
export function CreatedToken({ token }: { token: string }) {
  const t = useTranslations("settings");
  const origin = typeof window === "undefined" ? "" : window.location.origin;
  const command = `curl -H "Authorization: Bearer ${token}" ${origin}/api/v1/me`;
  return (
    <div className="flex flex-col gap-5">
      <Notice tone="warn" role="status">
        {t("createdDescription")}
      </Notice>
      <div className="flex flex-col gap-2">
        <h3 className="font-medium text-sm">{t("token")}</h3>
        <code className="select-all break-all rounded-md border bg-well px-3 py-2 font-mono text-sm">
          {token}
        </code>
        <CopyButton text={token} label={t("copyToken")} variant="primary" className="self-start">
          {t("copyToken")}
        </CopyButton>
      </div>
      <div className="flex flex-col gap-2">
        <h3 className="font-medium text-sm">{t("useIt")}</h3>
        <div className="flex items-start gap-1 rounded-md border bg-well py-0.5 ps-3 pe-0.5">
          <code className="min-w-0 flex-1 break-all py-1.5 font-mono text-xs">
            {command.replace(token, `${token.slice(0, 8)}…`)}
          </code>
          <CopyButton text={command} label={t("copyCommand")} />
        </div>
      </div>
    </div>
  );
}
