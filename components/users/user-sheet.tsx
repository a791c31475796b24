"use client";
import { ArrowUpRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ChartView } from "#components/charts/chart-view.tsx";
import { ErrorState } from "#components/error-state.tsx";
import { Section } from "#components/section.tsx";
import { Button } from "#components/ui/button.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { LimitBar } from "#components/usage/limit-bar.tsx";
import { useUsageSeries } from "#components/usage/use-usage.ts";
import { useUser } from "./use-users.ts";
import { UserActions } from "./user-actions.tsx";
import { UserDetails } from "./user-details.tsx";
import { UserStateLine } from "./user-state-line.tsx";

const WEEK = { query: { range: "7d" }, refetchInterval: 60_000 } as const;
/** No zoom here: the page has it. */
const PLAIN = { show: "chart", zoom: null } as const;

/** One user beside the list: what an operator wants to know and do without leaving it. */
export function UserSheet({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTranslations("user");
  const charts = useTranslations("charts");
  const user = useUser(name);
  const usage = useUsageSeries(name, WEEK);
  return (
    <Sheet
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={name}
      description={user.data ? <UserStateLine user={user.data} /> : null}
      closeLabel={t("close")}
      footer={
        <Button asChild>
          <Link href={`/users/${encodeURIComponent(name)}`}>
            {t("openPage")}
            <ArrowUpRight aria-hidden />
          </Link>
        </Button>
      }
    >
      {user.data ? (
        <div className="flex flex-col gap-8">
          <div className="flex flex-wrap gap-2">
            <UserActions user={user.data} />
          </div>
          <LimitBar user={user.data} />
          <Section title={t("lastWeek")}>
            <ChartView
              chart={usage.data}
              error={usage.error}
              onRetry={() => void usage.refetch()}
              isStale={false}
              kind="stack"
              label={charts("traffic")}
              time={PLAIN}
              empty={charts("noTraffic")}
              isZeroEmpty
              className="h-40"
            />
          </Section>
          <UserDetails user={user.data} />
        </div>
      ) : user.error ? (
        <ErrorState error={user.error} onRetry={() => void user.refetch()} />
      ) : (
        <div className="flex flex-col gap-8">
          <Skeleton className="h-8 w-48" />
          <Skeleton className="h-32 rounded-lg" />
          <Skeleton className="h-52 rounded-lg" />
          <Skeleton className="h-80 rounded-lg" />
        </div>
      )}
    </Sheet>
  );
}
