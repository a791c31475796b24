import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { activityKey } from "./activity-query.ts";

/** Audit entries, newest first, a page at a time; the newest are asked for again every 10 s. */
export function useActivity(user: string | null) {
  return useInfiniteQuery({
    queryKey: activityKey(user),
    queryFn: ({ pageParam, signal }) =>
      api.listAudit(
        { ...(user === null ? {} : { user }), ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    // Asking for many pages again is not worth it: who reads old entries has the newest in mind no more.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : 10_000),
  });
}
