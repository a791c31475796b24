"use client";
import { Eye, EyeOff } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { BlockedNotice } from "#components/connect/blocked-notice.tsx";
import { useOwnSecrets } from "#components/connect/use-own-account.ts";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Section } from "#components/section.tsx";
import { Button } from "#components/ui/button.tsx";
import { AutomaticSetup } from "./automatic-setup.tsx";
import { BrowserSetup } from "./browser-setup.tsx";
import { CopyLine } from "./copy-line.tsx";
import { ProxiesSkeleton } from "./proxies-skeleton.tsx";
import { maskPassword, readProxyAddress, shellQuote } from "./proxy-address.ts";

const PROBE = "https://api.ipify.org";

/** Everything to set a browser, a program or a script up with the proxies. */
export function ProxiesPage() {
  const t = useTranslations("proxies");
  const { data, error, refetch } = useOwnSecrets();
  const [isShown, setShown] = useState(false);
  if (!data) {
    if (!error) return <ProxiesSkeleton />;
    return (
      <>
        <PageHeader title={t("title")} />
        <ErrorState error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  const { username, password, httpUrl, socksUrl } = data.proxy;
  const http = readProxyAddress(httpUrl);
  const socks = readProxyAddress(socksUrl);
  const shown = (text: string) => (isShown ? text : maskPassword(text, password));
  const line = (label: string, text: string) => (
    <CopyLine label={label} shown={shown(text)} copied={text} copyLabel={t("copy", { what: label })} />
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        action={
          <Button onClick={() => setShown(!isShown)} aria-pressed={isShown}>
            {isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
            {isShown ? t("hidePassword") : t("showPassword")}
          </Button>
        }
      >
        {t("state")}
      </PageHeader>
      <div className="flex flex-col gap-10">
        <BlockedNotice user={data} />
        <Section title={t("credentials")}>
          <div className="grid gap-4 sm:grid-cols-2">
            {line(t("username"), username)}
            {line(t("password"), password)}
          </div>
          <p className="text-pretty text-ink-3 text-sm">
            {t("passwordHint")} {t("replace")}{" "}
            <Link href="/security" className="rounded-sm text-accent-text underline underline-offset-2">
              {t("goToSecurity")}
            </Link>
          </p>
        </Section>
        <Section title={t("addresses")}>
          <div className="overflow-x-auto rounded-lg border">
            <table className="w-full text-sm">
              <thead className="max-sm:sr-only">
                <tr className="border-b text-ink-3 text-xs *:px-4 *:py-2 *:text-start *:font-medium">
                  <th scope="col">{t("proxy")}</th>
                  <th scope="col">{t("server")}</th>
                  <th scope="col">{t("port")}</th>
                </tr>
              </thead>
              <tbody className="divide-y">
                {[
                  { name: t("http"), use: t("httpFor"), address: http },
                  { name: t("socks"), use: t("socksFor"), address: socks },
                ].map(({ name, use, address }) => (
                  <tr key={name} className="max-sm:flex max-sm:flex-wrap max-sm:py-3 sm:*:py-3 *:px-4">
                    <th scope="row" className="text-start font-medium max-sm:w-full">
                      {name}
                      <p className="text-pretty font-normal text-ink-3 text-xs">{use}</p>
                    </th>
                    <td className="break-all font-mono max-sm:pt-2">{address.host}</td>
                    <td className="font-mono tabular-nums max-sm:pt-2">{address.port}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Section>
        <Section title={t("try")}>
          <p className="-mt-2 text-pretty text-ink-2 text-sm">{t("tryHint")}</p>
          {line(t("curlHttp"), `curl -x ${shellQuote(httpUrl)} ${PROBE}`)}
          {line(t("curlSocks"), `curl -x ${shellQuote(socksUrl)} ${PROBE}`)}
          {line(
            t("environment"),
            `export http_proxy=${shellQuote(httpUrl)}\nexport https_proxy="$http_proxy"`,
          )}
        </Section>
        <AutomaticSetup subscriptionUrl={data.subscriptionUrl} http={http} shown={shown} />
        <BrowserSetup host={http.host} httpPort={http.port} />
      </div>
    </>
  );
}
