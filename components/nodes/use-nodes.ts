import { useQuery } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";

export function useNodes() {
  return useQuery({
    queryKey: queryKeys.nodes,
    queryFn: ({ signal }) => api.listNodes({ signal }),
    refetchInterval: 5_000,
  });
}
