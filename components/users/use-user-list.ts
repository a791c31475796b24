import { type InfiniteData, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { api } from "#components/api.ts";
import { queryKeys, type UserFilters } from "#components/query-keys.ts";
import type { userPageSchema } from "#lib/schemas/user.ts";
import { USER_PAGE_SIZE } from "./page-size.ts";

type UserPage = z.output<typeof userPageSchema>;

/** All pages loaded so far, refreshed every 5 s while only the first few are. */
export function useUserList(filters: UserFilters) {
  return useInfiniteQuery({
    queryKey: queryKeys.userList(filters),
    queryFn: ({ pageParam, signal }) =>
      api.listUsers(
        { ...filters, limit: USER_PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => {
      const data = query.state.data as InfiniteData<UserPage> | undefined;
      return (data?.pages.length ?? 0) > 3 ? 30_000 : 5_000;
    },
  });
}
