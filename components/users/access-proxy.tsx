"use client";
import { useTranslations } from "next-intl";
import { SecretText } from "#components/ui/secret-text.tsx";
import type { UserSecrets } from "#lib/schemas/user.ts";

export function AccessProxy({ proxy }: { proxy: UserSecrets["proxy"] }) {
  const t = useTranslations("access");
  const rows = [
    { label: t("username"), text: proxy.username, isSecret: false },
    { label: t("password"), text: proxy.password, isSecret: true },
    { label: t("httpProxy"), text: proxy.httpUrl, isSecret: true },
    { label: t("socksProxy"), text: proxy.socksUrl, isSecret: true },
  ];
  return (
    <div className="flex flex-col gap-4 p-5">
      <h3 className="font-medium text-sm">{t("proxy")}</h3>
      <dl className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        {rows.map((row) => (
          <div key={row.label} className="flex min-w-0 flex-col gap-1.5">
            <dt className="text-ink-2 text-xs">{row.label}</dt>
            <dd className="min-w-0">
              <SecretText
                text={row.text}
                isSecret={row.isSecret}
                labels={{
                  copy: t("copyLink", { what: row.label }),
                  show: `${t("showPassword")} ${row.label}`,
                  hide: `${t("hidePassword")} ${row.label}`,
                }}
              />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
