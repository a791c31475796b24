import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import type { ConnectionList } from "#lib/schemas/connection.ts";
import { CONNECTIONS_SHOWN } from "./connection-query.ts";

/** What is open now at the proxy doors, everybody's or one user's; asked for again every 3 s. */
export function useConnections(user: string | null) {
  return useQuery({
    queryKey: queryKeys.connections(user),
    queryFn: ({ signal }) =>
      api.listConnections({ limit: CONNECTIONS_SHOWN, ...(user === null ? {} : { ref: user }) }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 3_000,
  });
}

/** How many one user has open, or null while it is not known. */
export function useOpenCount(user: string): number | null {
  const { data } = useQuery({
    queryKey: [...queryKeys.connections(user), "count"],
    queryFn: ({ signal }) => api.listConnections({ ref: user, limit: 1 }, { signal }),
    refetchInterval: 10_000,
    retry: false,
  });
  return data?.open ?? null;
}

/** It leaves the list at once; what is really open is asked again. */
export function useEndConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.endConnection(id),
    onSuccess: (_, id) =>
      client.setQueriesData<ConnectionList>({ queryKey: ["connections"] }, (list) =>
        list?.items.some((item) => item.id === id)
          ? { ...list, open: list.open - 1, items: list.items.filter((item) => item.id !== id) }
          : list,
      ),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["connections"] });
      void client.invalidateQueries({ queryKey: ["audit"] });
    },
  });
}
