"use client";
import { useTranslations } from "next-intl";
import { Section } from "#components/section.tsx";
import { CopyLine } from "./copy-line.tsx";
import { type ProxyAddress, shellQuote } from "./proxy-address.ts";

/** The proxy inside TLS, and the file that sets a browser up by itself. Its address is a secret like the subscription's. */
export function AutomaticSetup(props: {
  subscriptionUrl: string;
  http: ProxyAddress;
  /** Shows a text as the page's switch says. */
  shown: (text: string) => string;
}) {
  const t = useTranslations("proxies.automatic");
  const { subscriptionUrl, http, shown } = props;
  const pac = `${subscriptionUrl}/proxy.pac`;
  const masked = (url: string) =>
    shown(http.url) === http.url ? url : url.replace(/\/sub\/[^/]+/, "/sub/••••••••");
  const line = (label: string, text: string, isShownAs: string) => (
    <CopyLine label={label} shown={isShownAs} copied={text} copyLabel={t("copy", { what: label })} />
  );
  const secure = http.url.replace(/^http:/, "https:");
  const curl = `curl -x ${shellQuote(secure)} https://api.ipify.org`;
  return (
    <Section title={t("title")}>
      <p className="-mt-2 text-pretty text-ink-2 text-sm">{t("text")}</p>
      {line(t("pac"), pac, masked(pac))}
      <ul className="flex list-disc flex-col gap-1.5 ps-6 text-ink-2 text-sm">
        {t("steps")
          .split("\n")
          .map((step) => (
            <li key={step} className="text-pretty ps-1">
              {step}
            </li>
          ))}
      </ul>
      {line(t("curl"), curl, shown(curl))}
      <details className="group text-sm">
        <summary className="w-fit rounded-sm text-accent-text underline underline-offset-2">
          {t("trouble")}
        </summary>
        <div className="flex flex-col gap-3 pt-3">
          <p className="text-pretty text-ink-2">{t("troubleText")}</p>
          {line(t("plainPac"), `${pac}?via=plain`, masked(`${pac}?via=plain`))}
          <p className="text-pretty text-ink-3">{t("plainWarning")}</p>
        </div>
      </details>
    </Section>
  );
}
