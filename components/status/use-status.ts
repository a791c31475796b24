import { useQuery } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import { useIsStatusLive } from "./use-status-events.ts";

/** Told by the server (use-status-events.ts); asked for every 5 s where that does not work. */
export function useStatus() {
  const isLive = useIsStatusLive();
  return useQuery({
    queryKey: queryKeys.status,
    queryFn: ({ signal }) => api.getStatus({ signal }),
    refetchInterval: isLive ? false : 5_000,
  });
}
