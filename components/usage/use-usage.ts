import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import type { ChartTimeState } from "#components/charts/use-chart-time.ts";
import { queryKeys } from "#components/query-keys.ts";

export function useUsage(userRef: string) {
  return useQuery({
    queryKey: queryKeys.usage(userRef),
    queryFn: ({ signal }) => api.getUsage(userRef, {}, { signal }),
    refetchInterval: 10_000,
  });
}

type Time = Pick<ChartTimeState, "query" | "refetchInterval">;

/** The last range stays in sight until the new one is there. */
export function useUsageSeries(userRef: string, { query, refetchInterval }: Time) {
  return useQuery({
    queryKey: queryKeys.usageSeries(userRef, query),
    queryFn: ({ signal }) => api.getUsageSeries(userRef, query, { signal }),
    refetchInterval,
    placeholderData: keepPreviousData,
  });
}

/** Everybody's; of one node, or by node. */
export function useTotalUsage({ query, refetchInterval }: Time, of: { node?: string; by?: "node" } = {}) {
  const asked = { ...query, ...of };
  return useQuery({
    queryKey: queryKeys.totalUsage(asked),
    queryFn: ({ signal }) => api.getTotalUsageSeries(asked, { signal }),
    refetchInterval,
    placeholderData: keepPreviousData,
  });
}
