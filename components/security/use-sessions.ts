import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import { toastError } from "#components/toast-error.ts";

export function useSessions() {
  return useQuery({
    queryKey: queryKeys.sessions,
    queryFn: ({ signal }) => api.listSessions({ signal }),
    refetchInterval: 30_000,
  });
}

/** Ends the named sign-ins, one after the other; the list is read again even when one fails. */
export function useEndSessions(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await api.revokeSession(id);
    },
    onSuccess: onDone,
    onError: toastError,
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.sessions }),
  });
}
