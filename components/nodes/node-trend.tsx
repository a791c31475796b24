"use client";
import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Bytes } from "#components/bytes.tsx";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { useTotalUsage } from "#components/usage/use-usage.ts";
import { formatBytes } from "#lib/format-bytes.ts";

const DAY = { query: { range: "24h" }, refetchInterval: 60_000 } as const;

/** A day's traffic of one node at a glance, and the way to its charts. All nodes share one question. */
export function NodeTrend({ name }: { name: string }) {
  const t = useTranslations("nodes");
  const { data } = useTotalUsage(DAY, { by: "node" });
  const values = data?.lines.find(({ key }) => key === name)?.values ?? [];
  const total = values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2 text-sm">
      <span className="flex min-w-0 flex-1 basis-60 items-center gap-4">
        <span className="shrink-0 text-ink-3 text-xs">{t("trend")}</span>
        <span className="min-w-0 flex-1">
          <Sparkline
            values={values}
            label={t("trendLabel", { name, total: formatBytes(total) })}
            className="stroke-vpn"
          />
        </span>
        <Bytes value={total} />
      </span>
      <Link
        href={`/nodes/${encodeURIComponent(name)}`}
        className="inline-flex items-center gap-1 rounded-sm text-accent-text hover:underline"
      >
        {t("charts")}
        <ArrowRight aria-hidden className="size-4 rtl:rotate-180" />
      </Link>
    </div>
  );
}
