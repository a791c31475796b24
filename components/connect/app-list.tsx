"use client";
import { Download, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { APPS, type App } from "./apps.ts";
import type { System } from "./systems.ts";

/** The apps for a system; one tap puts the subscription into the one that is installed. */
export function AppList(props: { system: System; subscriptionUrl: string; name: string }) {
  const t = useTranslations("connect");
  return (
    <>
      <ul className="divide-y rounded-lg border">
        {APPS[props.system].map((app, index) => (
          <AppRow key={app.id} app={app} isFirst={index === 0} {...props} />
        ))}
      </ul>
      <p className="text-pretty text-ink-3 text-sm">{t("nothingHappened")}</p>
    </>
  );
}

function AppRow(props: { app: App; isFirst: boolean; subscriptionUrl: string; name: string }) {
  const t = useTranslations("connect");
  const { app, isFirst } = props;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 p-4">
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex flex-wrap items-center gap-2">
          <h3 className="font-medium">{app.name}</h3>
          <Badge>{app.isFree ? t("free") : t("paidBadge")}</Badge>
          {isFirst ? (
            <Badge className="border-transparent bg-accent-well text-accent-text">{t("recommended")}</Badge>
          ) : null}
        </div>
        <p className="text-pretty text-ink-2 text-sm">{t(`note.${app.note}`)}</p>
      </div>
      <div className="flex gap-2 max-sm:w-full max-sm:*:flex-1">
        <Button asChild>
          <a href={app.getUrl} target="_blank" rel="noreferrer" aria-label={t("getNamed", { app: app.name })}>
            <Download aria-hidden />
            {t("get")}
          </a>
        </Button>
        {app.importUrl ? (
          <Button asChild variant={isFirst ? "primary" : "outline"}>
            <a
              href={app.importUrl(props.subscriptionUrl, `Causeway ${props.name}`)}
              aria-label={t("addNamed", { app: app.name })}
            >
              <Plus aria-hidden />
              {t("add")}
            </a>
          </Button>
        ) : null}
      </div>
    </li>
  );
}
