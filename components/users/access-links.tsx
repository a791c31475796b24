"use client";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { SecretText } from "#components/ui/secret-text.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { UserSecrets } from "#lib/schemas/user.ts";

const QrCode = dynamic(() => import("#components/ui/qr-code.tsx").then((module) => module.QrCode), {
  ssr: false,
  loading: () => <Skeleton className="aspect-square w-full rounded-lg" />,
});

/** VPN links and the subscription, each to copy, and one of them as a QR code. */
export function AccessLinks({ secrets }: { secrets: UserSecrets }) {
  const t = useTranslations("access");
  const items = [
    ...secrets.vlessLinks.map((text, index) => ({
      id: `link-${index}`,
      label: linkName(text) ?? t("link", { number: index + 1 }),
      text,
    })),
    { id: "subscription", label: t("subscription"), text: secrets.subscriptionUrl },
  ];
  const [shown, setShown] = useState(items[0]?.id ?? "subscription");
  const current = items.find((item) => item.id === shown) ?? items[0];
  const labelsOf = (what: string) => ({
    copy: t("copyLink", { what }),
    show: t("showPassword"),
    hide: t("hidePassword"),
  });
  return (
    <div className="grid gap-6 p-5 md:grid-cols-[1fr_200px]">
      <div className="flex min-w-0 flex-col gap-4">
        <div>
          <h3 className="font-medium text-sm">{t("vpn")}</h3>
          <p className="text-ink-3 text-xs">{t("vpnHint")}</p>
        </div>
        {items.map((item) => (
          <div key={item.id} className="flex flex-col gap-1.5">
            <span className="text-ink-2 text-xs">{item.label}</span>
            <SecretText text={item.text} labels={labelsOf(item.label)} />
            {item.id === "subscription" ? (
              <span className="text-ink-3 text-xs">{t("subscriptionHint")}</span>
            ) : null}
          </div>
        ))}
      </div>
      <div className="flex flex-col gap-3">
        <div className="mx-auto w-full max-w-60">
          {current ? <QrCode text={current.text} label={t("qrAlt", { what: current.label })} /> : null}
        </div>
        <Segmented
          label={t("qrOf")}
          value={shown}
          options={items.map((item, index) => ({
            value: item.id,
            label: item.id === "subscription" ? t("subscriptionShort") : t("link", { number: index + 1 }),
          }))}
          onChange={setShown}
          className="mx-auto w-full max-w-60"
        />
      </div>
    </div>
  );
}

/** What stands after # in a link is its name. */
function linkName(link: string): string | null {
  const [, name] = link.split("#");
  return name ? decodeURIComponent(name) : null;
}
