"use client";
import { ChevronRight, Download, QrCode as QrIcon } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Section } from "#components/section.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { CONFIG_FORMATS } from "#lib/config-formats.ts";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { linkName } from "./link-name.ts";

const QrCode = dynamic(() => import("#components/ui/qr-code.tsx").then((module) => module.QrCode), {
  ssr: false,
  loading: () => <Skeleton className="aspect-square w-full rounded-lg max-sm:mx-auto max-sm:max-w-72" />,
});

const SUBSCRIPTION = "subscription";

/** QR code, copy button and files, for whom the one tap does not work. */
export function ByHand({ secrets, isOnPhone }: { secrets: UserSecrets; isOnPhone: boolean }) {
  const t = useTranslations("connect");
  const [choice, setChoice] = useState(SUBSCRIPTION);
  // On the phone itself nobody can scan its own screen.
  const [isQrShown, setQrShown] = useState(!isOnPhone);
  if (secrets.vlessLinks.length === 0) {
    return (
      <Section title={t("step2")}>
        <EmptyState
          icon={QrIcon}
          action={
            <Button asChild>
              <Link href="/proxies">{t("goToProxies")}</Link>
            </Button>
          }
        >
          {t("noLinks")}
        </EmptyState>
      </Section>
    );
  }
  const isSubscription = choice === SUBSCRIPTION;
  const text = isSubscription ? secrets.subscriptionUrl : (secrets.vlessLinks[Number(choice)] ?? "");
  const what = isSubscription ? t("subscription") : linkName(text);
  return (
    <Section title={t("step2")}>
      <div className="flex flex-col gap-6 sm:flex-row">
        <div className="flex shrink-0 flex-col gap-2 sm:w-52">
          {isQrShown ? (
            <>
              <QrCode text={text} label={t("qrOf", { what })} className="max-sm:mx-auto max-sm:max-w-72" />
              <p className="text-center text-ink-3 text-xs">{t("scan")}</p>
            </>
          ) : (
            <Button onClick={() => setQrShown(true)}>
              <QrIcon aria-hidden />
              {t("showQr")}
            </Button>
          )}
        </div>
        <div className="flex min-w-0 flex-1 flex-col items-start gap-5">
          <div className="flex w-full flex-col gap-2">
            <Select
              aria-label={t("what")}
              value={choice}
              onChange={(event) => setChoice(event.target.value)}
              className="sm:max-w-80"
            >
              <option value={SUBSCRIPTION}>{t("subscription")}</option>
              {secrets.vlessLinks.map((link, index) => (
                <option key={link} value={index}>
                  {t("linkNamed", { name: linkName(link) })}
                </option>
              ))}
            </Select>
            <p className="text-pretty text-ink-2 text-sm">
              {isSubscription ? t("subscriptionHint") : t("linkHint")}
            </p>
          </div>
          <CopyButton
            key={choice}
            text={text}
            label={isSubscription ? t("copySubscription") : t("copyLink")}
            variant="primary"
          >
            {isSubscription ? t("copySubscription") : t("copyLink")}
          </CopyButton>
          <p className="text-pretty text-ink-3 text-sm">
            {t("keepSecret")}{" "}
            <Link href="/security" className="rounded-sm text-accent-text underline underline-offset-2">
              {t("goToSecurity")}
            </Link>
          </p>
        </div>
      </div>
      <Files />
      <details className="group rounded-lg border text-sm">
        <summary className="flex min-h-11 items-center gap-2 rounded-lg px-4 py-2 font-medium hover:bg-hover">
          <ChevronRight
            aria-hidden
            className="size-4 shrink-0 text-ink-3 transition-transform duration-100 group-open:rotate-90 rtl:rotate-180"
          />
          {t("trouble")}
        </summary>
        <p className="text-pretty ps-10 pe-4 pt-1 pb-4 text-ink-2">{t("troubleBody")}</p>
      </details>
    </Section>
  );
}

function Files() {
  const t = useTranslations("connect");
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border p-4">
      <div className="min-w-0 flex-1 basis-52">
        <h3 className="font-medium">{t("files")}</h3>
        <p className="text-pretty text-ink-2 text-sm">{t("filesHint")}</p>
      </div>
      <div className="flex flex-wrap gap-2">
        {CONFIG_FORMATS.map((format) => (
          <Button asChild key={format}>
            <a
              href={`/api/v1/users/me/config?format=${format}`}
              download
              aria-label={t("download", { name: t(`file.${format}`) })}
            >
              <Download aria-hidden />
              {t(`file.${format}`)}
            </a>
          </Button>
        ))}
      </div>
    </div>
  );
}
