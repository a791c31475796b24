"use client";
import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { Section } from "#components/section.tsx";

const SETUPS = ["firefox", "windows", "macos", "ios", "android"] as const;

/** Where each browser or system hides its proxy settings, in words with this server's own numbers. */
export function BrowserSetup({ host, httpPort }: { host: string; httpPort: string }) {
  const t = useTranslations("proxies");
  return (
    <Section title={t("browser")}>
      <div className="divide-y rounded-lg border">
        {SETUPS.map((setup) => (
          <details key={setup} className="group" name="proxy-setup">
            <summary className="flex min-h-11 items-center gap-2 px-4 py-2 font-medium hover:bg-hover focus-visible:-outline-offset-2">
              <ChevronRight
                aria-hidden
                className="size-4 shrink-0 text-ink-3 transition-transform duration-100 group-open:rotate-90 rtl:rotate-180"
              />
              {t(`setups.${setup}.title`)}
            </summary>
            <ol className="flex list-decimal flex-col gap-1.5 ps-14 pe-4 pt-1 pb-4 text-ink-2 text-sm">
              {t(`setups.${setup}.steps`, { host, httpPort })
                .split("\n")
                .map((step) => (
                  <li key={step} className="text-pretty break-words ps-1">
                    {step}
                  </li>
                ))}
            </ol>
          </details>
        ))}
      </div>
    </Section>
  );
}
