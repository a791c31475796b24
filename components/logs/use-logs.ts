import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { LOG_PAGE, type LogFilters, logKey, toLogQuery } from "./log-query.ts";

/** Lines that were written before, newest first, a page at a time. New ones come by use-live-logs.ts. */
export function useLogs(filters: LogFilters) {
  return useInfiniteQuery({
    queryKey: logKey(filters),
    queryFn: ({ pageParam, signal }) =>
      api.listLogs(
        {
          ...toLogQuery(filters, Date.now()),
          limit: LOG_PAGE,
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
