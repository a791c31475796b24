"use client";
import { Waypoints } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { ErrorState } from "#components/error-state.tsx";
import { TraceFilterBar } from "#components/traces/trace-filter-bar.tsx";
import { TraceList } from "#components/traces/trace-list.tsx";
import { toTraceQuery, traceParsers } from "#components/traces/trace-query.ts";
import { TracesAbsent } from "#components/traces/traces-absent.tsx";
import { useTraces } from "#components/traces/use-traces.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const TraceSheet = dynamic(() =>
  import("#components/traces/trace-sheet.tsx").then(({ TraceSheet: Sheet }) => Sheet),
);

/** Recent requests, each followed through every program it touched. */
export function TracesPanel() {
  const t = useTranslations("traces");
  const [{ trace, ...filters }, setState] = useQueryStates(traceParsers, { history: "push" });
  const { data, error, refetch } = useTraces(toTraceQuery(filters));
  if (data?.isConfigured === false) return <TracesAbsent />;
  const isFiltered = filters.failed || filters.slower !== null || filters.program !== "traefik";
  const clear = () => void setState({ program: null, slower: null, failed: null });
  return (
    <div className="flex flex-col gap-4">
      <TraceFilterBar filters={filters} onChange={(patch) => void setState(patch)} />
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!(data || error) ? <Skeleton className="h-96 w-full" /> : null}
      {data && data.items.length > 0 ? (
        <TraceList traces={data.items} onOpen={(id) => void setState({ trace: id })} />
      ) : null}
      {data?.items.length === 0 ? (
        <EmptyState
          icon={Waypoints}
          action={isFiltered ? <Button onClick={clear}>{t("clear")}</Button> : null}
        >
          {isFiltered ? t("noneMatch") : t("none")}
        </EmptyState>
      ) : null}
      {trace === null ? null : <TraceSheet id={trace} onClose={() => void setState({ trace: null })} />}
    </div>
  );
}
