import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import type { AccessPolicy } from "#lib/schemas/access.ts";

export type Rule = AccessPolicy["rules"][number];

export function useAccessPolicy() {
  return useQuery({
    queryKey: queryKeys.accessPolicy,
    queryFn: ({ signal }) => api.getAccessPolicy({ signal }),
    refetchInterval: 10_000,
  });
}

export function useAccessVersions() {
  return useQuery({
    queryKey: queryKeys.accessVersions,
    queryFn: ({ signal }) => api.listAccessPolicyVersions({ signal }),
  });
}

/** What was in force once stays as it was. */
export function useAccessVersion(version: number | null) {
  return useQuery({
    queryKey: queryKeys.accessVersion(version ?? -1),
    queryFn: ({ signal }) => api.getAccessPolicyVersion(version ?? 0, { signal }),
    enabled: version !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Errors belong to the page: it keeps what was edited. After a conflict the rules in force are read again. */
export function useSaveRules() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { version: number; rules: Rule[] }) => api.updateAccessPolicy(input),
    onSuccess: (policy) => {
      client.setQueryData(queryKeys.accessPolicy, policy);
      void client.invalidateQueries({ queryKey: queryKeys.accessVersions, exact: true });
      void client.invalidateQueries({ queryKey: ["audit"] });
    },
    onError: () => client.invalidateQueries({ queryKey: queryKeys.accessPolicy }),
  });
}
