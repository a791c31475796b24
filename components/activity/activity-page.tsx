"use client";
import { Activity } from "lucide-react";
import { useTranslations } from "next-intl";
import { useQueryState } from "nuqs";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ActivityFilter } from "./activity-filter.tsx";
import { ActivityList } from "./activity-list.tsx";
import { userParser } from "./activity-query.ts";
import { ActivityRowsSkeleton } from "./activity-rows-skeleton.tsx";
import { ActivityTabs } from "./activity-tabs.tsx";
import { useActivity } from "./use-activity.ts";

/** Who did what, newest first; one user's entries when the URL says so. */
export function ActivityPage() {
  const t = useTranslations("activity");
  const [user, setUser] = useQueryState("user", userParser.withOptions({ history: "push" }));
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useActivity(user);
  const entries = data?.pages.flatMap((page) => page.items);
  return (
    <>
      <PageHeader
        title={t("title")}
        action={<ActivityFilter key={user} user={user} onChange={(next) => void setUser(next)} />}
      >
        {user === null ? t("state") : t("stateFiltered", { user })}
      </PageHeader>
      <ActivityTabs />
      {!entries ? (
        error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <ActivityRowsSkeleton />
        )
      ) : entries.length === 0 ? (
        <EmptyState
          icon={Activity}
          action={user === null ? null : <Button onClick={() => void setUser(null)}>{t("clear")}</Button>}
        >
          {user === null ? t("none") : t("noneFiltered", { user })}
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-6">
          <ActivityList entries={entries} />
          {hasNextPage ? (
            <Button className="self-center" isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t("more")}
            </Button>
          ) : (
            <p className="text-center text-ink-3 text-sm">{t("end")}</p>
          )}
          {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        </div>
      )}
    </>
  );
}
