import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import type { TraceQuery } from "#lib/schemas/trace.ts";

const EVERY_MS = 5_000;

/** Traces arrive a second or two after their request. */
export function useTraces(query: TraceQuery) {
  return useQuery({
    queryKey: queryKeys.traces(query),
    queryFn: ({ signal }) => api.listTraces(query, { signal }),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
}

export function useTrace(id: string) {
  return useQuery({ queryKey: queryKeys.trace(id), queryFn: ({ signal }) => api.getTrace(id, { signal }) });
}
