"use client";
import { useQuery } from "@tanstack/react-query";
import { ArrowUp } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ActivityTabs } from "#components/activity/activity-tabs.tsx";
import { api } from "#components/api.ts";
import { PageHeader } from "#components/page-header.tsx";
import { Button } from "#components/ui/button.tsx";
import { LogFilterBar } from "./log-filter-bar.tsx";
import { LogList } from "./log-list.tsx";
import { type LogFilters, logParsers, NO_LOG_FILTERS } from "./log-query.ts";
import { LogsSkeleton } from "./logs-skeleton.tsx";
import { LogsState } from "./logs-state.tsx";
import { useHeldLines } from "./use-held-lines.ts";
import { useLiveLogs } from "./use-live-logs.ts";
import { useLogs } from "./use-logs.ts";

const NoLogs = dynamic(() => import("./no-logs.tsx").then((module) => module.NoLogs));
const importNotices = () => import("./log-notices.tsx");
const LogNotices = dynamic(() => importNotices().then((module) => module.LogNotices));
const LogsFoot = dynamic(() => import("./logs-foot.tsx").then((module) => module.LogsFoot));
const importErrorState = () => import("#components/error-state.tsx");
const ErrorState = dynamic(() => importErrorState().then((module) => module.ErrorState));

/** What every program wrote, newest first, and what it writes now. */
export function LogsPage() {
  const t = useTranslations("logs");
  // What says that the server is away cannot be fetched from it then.
  useEffect(() => void Promise.allSettled([importNotices(), importErrorState()]), []);
  const [filters, setFilters] = useQueryStates(logParsers, { history: "push" });
  const [isPaused, setPaused] = useState(false);
  const [isReading, setReading] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useLogs(filters);
  const programs = useQuery({ queryKey: ["log-programs"], queryFn: () => api.listLogPrograms() });
  const before = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const canBeLive = filters.to === null;
  const live = useLiveLogs(filters, {
    isOn: canBeLive && !isPaused && data !== undefined,
    newestKnown: before[0]?.time ?? null,
  });
  const { shown, waiting, release } = useHeldLines(live.lines, isReading);
  const lines = useMemo(() => {
    const known = new Set(before.map(({ id }) => id));
    return [...shown.filter(({ id }) => !known.has(id)), ...before];
  }, [shown, before]);
  const lastPage = data?.pages.at(-1);
  const onEnd = useCallback(() => {
    // A search that gave up goes on when asked, not by itself.
    if (hasNextPage && !isFetching && lastPage?.searchedUntil === null) void fetchNextPage();
  }, [hasNextPage, isFetching, lastPage, fetchNextPage]);
  const onFilter = (patch: Partial<LogFilters>) => void setFilters(patch);
  const clear = () => void setFilters(NO_LOG_FILTERS);
  const isFiltered = Object.values(filters).some((value) => value !== null);
  const keepsDestinations = programs.data?.keepsDestinations === true;
  const isLost = live.state === "lost" && !isPaused;
  return (
    <>
      <PageHeader title={t("title")}>
        <LogsState programs={programs.data} />
      </PageHeader>
      <ActivityTabs />
      <LogFilterBar
        filters={filters}
        programs={programs.data?.items.map(({ program }) => program) ?? []}
        searchRef={search}
        live={live.state}
        isPaused={isPaused}
        canBeLive={canBeLive}
        onPause={setPaused}
        onChange={onFilter}
        onClear={clear}
      />
      <div role="status" className="empty:hidden">
        {keepsDestinations || isLost || live.state === "ended" || live.isSkipping ? (
          <LogNotices
            state={live.state}
            isSkipping={live.isSkipping}
            isLost={isLost}
            keepsDestinations={keepsDestinations}
          />
        ) : null}
      </div>
      {waiting > 0 ? (
        <div className="pointer-events-none sticky top-40 z-20 flex h-0 justify-center">
          <Button variant="primary" onClick={release} className="pointer-events-auto mt-2 shadow-pop">
            <ArrowUp aria-hidden />
            {t("newLines", { count: waiting })}
          </Button>
        </div>
      ) : null}
      {data ? (
        lines.length > 0 ? (
          <LogList
            lines={lines}
            onFilter={onFilter}
            onSearch={() => search.current?.focus()}
            onEnd={onEnd}
            onReading={setReading}
          />
        ) : (
          <NoLogs isFiltered={isFiltered} onClear={clear} />
        )
      ) : error ? null : (
        <LogsSkeleton />
      )}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data && !error ? (
        <LogsFoot
          searchedUntil={lastPage?.searchedUntil ?? null}
          hasMore={hasNextPage}
          isBusy={isFetching}
          isEmpty={lines.length === 0}
          onMore={() => void fetchNextPage()}
        />
      ) : null}
    </>
  );
}
