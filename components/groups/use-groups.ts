import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import type { createGroupInputSchema, updateGroupInputSchema } from "#lib/schemas/group.ts";

export function useGroups() {
  return useQuery({
    queryKey: queryKeys.groups,
    queryFn: ({ signal }) => api.listGroups({ signal }),
    refetchInterval: 15_000,
  });
}

/** By name, a page at a time; `query` looks in name, e-mail and note. */
export function useGroupMembers(name: string, query: string) {
  return useInfiniteQuery({
    queryKey: queryKeys.groupMembers(name, query),
    queryFn: ({ pageParam, signal }) =>
      api.listUsers(
        {
          group: name,
          ...(query === "" ? {} : { query }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** Errors belong to whoever asked. Lists, rules (they name groups) and the audit log are read again. */
export function useGroupWrites() {
  const client = useQueryClient();
  const onSuccess = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.groups }),
      client.invalidateQueries({ queryKey: queryKeys.users }),
      client.invalidateQueries({ queryKey: ["access"] }),
      client.invalidateQueries({ queryKey: ["audit"] }),
    ]);
  return {
    create: useMutation({
      mutationFn: (input: z.input<typeof createGroupInputSchema>) => api.createGroup(input),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ id, ...input }: z.input<typeof updateGroupInputSchema> & { id: string }) =>
        api.updateGroup(id, input),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => api.deleteGroup(id), onSuccess }),
    members: useMutation({
      mutationFn: ({ id, ...input }: { id: string; add?: string[]; remove?: string[] }) =>
        api.changeGroupMembers(id, input),
      onSuccess,
    }),
  };
}
