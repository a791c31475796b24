"use client";
import { ChartLine } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { CopyLine } from "#components/proxies/copy-line.tsx";
import { Button } from "#components/ui/button.tsx";
import { GRAFANA_DASHBOARDS } from "#lib/grafana-dashboards.ts";

const COMPOSE = "docker compose --profile monitoring up -d";
const OWN = "GRAFANA_URL=http://127.0.0.1:3000 npm run up";

/** How to get Grafana, and what shows the same meanwhile. */
export function GrafanaAbsent() {
  const t = useTranslations("grafana");
  const format = useFormatter();
  const names = format.list(GRAFANA_DASHBOARDS.map((dashboard) => t(`dashboards.${dashboard}`)));
  return (
    <div className="flex max-w-160 flex-col gap-6">
      <div className="flex flex-col items-start gap-3">
        <h2 className="font-medium text-base">{t("absent")}</h2>
        <p className="text-pretty text-ink-2">{t("absentText")}</p>
        <Button asChild variant="primary">
          <Link href="/observability">
            <ChartLine aria-hidden />
            {t("toCharts")}
          </Link>
        </Button>
      </div>
      <div className="flex flex-col gap-4">
        <h3 className="font-medium">{t("ways")}</h3>
        <CopyLine label={t("compose")} shown={COMPOSE} copied={COMPOSE} copyLabel={t("copyCompose")} />
        <CopyLine label={t("own")} shown={OWN} copied={OWN} copyLabel={t("copyOwn")} />
        <p className="text-pretty text-ink-3 text-sm">{t("comes", { dashboards: names })}</p>
      </div>
    </div>
  );
}
