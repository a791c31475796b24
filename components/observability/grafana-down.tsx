"use client";
import { ChartLine, RotateCw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** It is configured and does not answer: what still works, and what to do. */
export function GrafanaDown({ isLooking, onRetry }: { isLooking: boolean; onRetry: () => void }) {
  const t = useTranslations("grafana");
  return (
    <Notice tone="warn" role="status" className="max-w-180">
      <div className="flex flex-col items-start gap-3">
        <div className="flex flex-col gap-1">
          <p className="font-medium">{t("down")}</p>
          <p>{t("downText")}</p>
          <p>{t("downHow")}</p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button onClick={onRetry} disabled={isLooking}>
            <RotateCw aria-hidden />
            {t("retry")}
          </Button>
          <Button asChild>
            <Link href="/observability">
              <ChartLine aria-hidden />
              {t("toCharts")}
            </Link>
          </Button>
        </div>
      </div>
    </Notice>
  );
}
