"use client";
import { useTranslations } from "next-intl";
import { CopyLine } from "#components/proxies/copy-line.tsx";

const EMBEDDED = "npm run up -- --with jaeger";
const COMPOSE = "docker compose --profile monitoring up -d";
const OWN = "OTLP_ENDPOINT=http://127.0.0.1:4318 npm run up";

/** What traces are for, and the ways to have them. */
export function TracesAbsent() {
  const t = useTranslations("traces");
  return (
    <div className="flex max-w-160 flex-col gap-6">
      <div className="flex flex-col gap-3">
        <h2 className="font-medium text-base">{t("absent")}</h2>
        <p className="text-pretty text-ink-2">{t("absentText")}</p>
      </div>
      <div className="flex flex-col gap-4">
        <h3 className="font-medium">{t("ways")}</h3>
        <CopyLine label={t("embedded")} shown={EMBEDDED} copied={EMBEDDED} copyLabel={t("copyEmbedded")} />
        <CopyLine label={t("compose")} shown={COMPOSE} copied={COMPOSE} copyLabel={t("copyCompose")} />
        <CopyLine label={t("own")} shown={OWN} copied={OWN} copyLabel={t("copyOwn")} />
        <p className="text-pretty text-ink-3 text-sm">{t("cost")}</p>
      </div>
    </div>
  );
}
