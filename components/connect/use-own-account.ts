import { useQuery } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";

const OWN = "me";

/** The signed-in person's account, asked for again every 5 s: state, usage and last traffic change by themselves. */
export function useOwnUser() {
  return useQuery({
    queryKey: queryKeys.user(OWN),
    queryFn: ({ signal }) => api.getUser(OWN, { signal }),
    refetchInterval: 5_000,
  });
}

/** Their secrets: the page brings them along; they change only where they are replaced. */
export function useOwnSecrets() {
  return useQuery({
    queryKey: queryKeys.userLinks(OWN),
    queryFn: ({ signal }) => api.getUserLinks(OWN, { signal }),
    staleTime: 60_000,
  });
}
