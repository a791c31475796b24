"use client";
import { Cable } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useMemo, useRef, useState } from "react";
import { ActivityFilter } from "#components/activity/activity-filter.tsx";
import { ActivityTabs } from "#components/activity/activity-tabs.tsx";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { FilterSelect } from "#components/users/filter-select.tsx";
import { METERED_DOORS } from "#lib/doors.ts";
import { arrangeConnections, type Connection } from "./arrange-connections.ts";
import { connectionParsers } from "./connection-query.ts";
import { ConnectionTable } from "./connection-table.tsx";
import { ConnectionsSkeleton } from "./connections-skeleton.tsx";
import { useConnections } from "./use-connections.ts";

const EndDialog = dynamic(() => import("./end-dialog.tsx").then((module) => module.EndDialog));

const NO_FILTERS = { user: null, door: null };
const ORDERS = ["oldest", "bytes"] as const;

/** What is open at the proxy doors now, and the way to end one of them. */
export function ConnectionsPage() {
  const t = useTranslations("connections");
  const doors = useTranslations("door");
  const [filters, setFilters] = useQueryStates(connectionParsers, { history: "push" });
  const { user, door, sort } = filters;
  const { data, error, refetch, isPlaceholderData } = useConnections(user);
  const [ending, setEnding] = useState<Connection | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => data && arrangeConnections(data.items, { door, sort }), [data, door, sort]);
  const isFiltered = user !== null || door !== null;
  return (
    <>
      <PageHeader
        title={t("title")}
        action={
          <div ref={bar} className="flex w-full flex-wrap items-center gap-2 sm:w-auto">
            <ActivityFilter key={user} user={user} onChange={(next) => void setFilters({ user: next })} />
          </div>
        }
      >
        {data
          ? user === null
            ? t("state", { count: data.open })
            : t("stateOf", { count: data.open, user })
          : null}
      </PageHeader>
      <ActivityTabs />
      <div className="flex flex-wrap items-center gap-2 pb-2">
        <FilterSelect
          label={t("door")}
          value={door}
          all={t("allDoors")}
          options={METERED_DOORS.map((value) => ({ value, label: doors(value) }))}
          onChange={(next) => void setFilters({ door: next })}
        />
        <FilterSelect
          label={t("sort")}
          value={sort === "youngest" ? null : sort}
          all={t("order.youngest")}
          options={ORDERS.map((value) => ({ value, label: t(`order.${value}`) }))}
          onChange={(next) => void setFilters({ sort: next ?? "youngest" })}
        />
        <span className="ms-auto text-ink-3 text-xs max-sm:basis-full">
          {data && data.open > data.items.length
            ? t("cut", { shown: data.items.length })
            : data?.items.some(({ target }) => target === null)
              ? t("scopeNoTargets")
              : t("scope")}
        </span>
      </div>
      <div role="status" className="flex flex-col gap-2 empty:hidden">
        {error && data ? <Notice tone="warn">{t("lost", { detail: error.message })}</Notice> : null}
        {data?.isComplete === false ? <Notice tone="warn">{t("incomplete")}</Notice> : null}
      </div>
      {shown ? (
        shown.length > 0 ? (
          <div className={isPlaceholderData ? "opacity-60" : undefined}>
            <ConnectionTable
              connections={shown}
              onEnd={setEnding}
              onSearch={() => bar.current?.querySelector("input")?.focus()}
            />
          </div>
        ) : (
          <EmptyState
            icon={Cable}
            action={
              isFiltered ? <Button onClick={() => void setFilters(NO_FILTERS)}>{t("showAll")}</Button> : null
            }
          >
            {isFiltered ? t("noneFiltered") : t("none")}
          </EmptyState>
        )
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <ConnectionsSkeleton />
      )}
      {ending ? <EndDialog connection={ending} onClose={() => setEnding(null)} /> : null}
    </>
  );
}
