import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import type { UsageRange } from "#lib/schemas/usage.ts";

export function useUsage(userRef: string) {
  return useQuery({
    queryKey: queryKeys.usage(userRef),
    queryFn: ({ signal }) => api.getUsage(userRef, {}, { signal }),
    refetchInterval: 10_000,
  });
}

/** The last range stays in sight until the new one is there. */
export function useUsageSeries(userRef: string, range: UsageRange) {
  return useQuery({
    queryKey: queryKeys.usageSeries(userRef, range),
    queryFn: ({ signal }) => api.getUsageSeries(userRef, range, { signal }),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  });
}
