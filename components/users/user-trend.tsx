"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { formatBytes } from "#lib/format-bytes.ts";
import type { User } from "#lib/schemas/user.ts";
import { readTrend } from "./read-trend.ts";

/** Two weeks of one user at a glance. */
export function UserTrend({ user }: { user: User }) {
  const t = useTranslations("users");
  const { data } = useQuery({
    queryKey: queryKeys.userTrend(user.id),
    queryFn: () => readTrend(user.id),
    staleTime: 5 * 60_000,
    retry: false,
  });
  const total = data?.reduce<number>((sum, value) => sum + (value ?? 0), 0) ?? 0;
  if (!data || total === 0) return <span className="block h-6" />;
  return <Sparkline values={data} label={t("trendLabel", { total: formatBytes(total) })} />;
}
