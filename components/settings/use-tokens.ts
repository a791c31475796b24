import { useQuery } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";

export function useTokens() {
  return useQuery({
    queryKey: queryKeys.tokens,
    queryFn: ({ signal }) => api.listTokens({ signal }),
    refetchInterval: 30_000,
  });
}
