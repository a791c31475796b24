import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import { toastError } from "#components/toast-error.ts";
import type { CreateUserInput, UpdateUserInput, User } from "#lib/schemas/user.ts";

export function useUser(ref: string) {
  return useQuery({
    queryKey: queryKeys.user(ref),
    queryFn: ({ signal }) => api.getUser(ref, { signal }),
    refetchInterval: 5_000,
  });
}

/** The writes on one user. Each answer replaces the cached user; lists, usage and audit are read again. */
export function useUserWrites(user: Pick<User, "id" | "name">) {
  const client = useQueryClient();
  const ref = user.name;
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.users }),
      client.invalidateQueries({ queryKey: queryKeys.status }),
      client.invalidateQueries({ queryKey: ["audit"] }),
    ]);
  const onSuccess = (answer: User) => {
    client.setQueryData(queryKeys.user(ref), answer);
    void refresh();
  };
  /** Shown at once, taken back when the server says no. */
  const optimistic = (status: User["status"]) => async () => {
    await client.cancelQueries({ queryKey: queryKeys.user(ref) });
    const before = client.getQueryData<User>(queryKeys.user(ref));
    if (before) client.setQueryData(queryKeys.user(ref), { ...before, status });
    return { before };
  };
  const takeBack = (error: Error, _: unknown, context: { before: User | undefined } | undefined) => {
    if (context?.before) client.setQueryData(queryKeys.user(ref), context.before);
    toastError(error);
  };
  return {
    update: useMutation({ mutationFn: (input: UpdateUserInput) => api.updateUser(ref, input), onSuccess }),
    disable: useMutation({
      mutationFn: () => api.disableUser(ref),
      onMutate: optimistic("disabled"),
      onSuccess,
      onError: takeBack,
    }),
    enable: useMutation({
      mutationFn: () => api.enableUser(ref),
      onMutate: optimistic("active"),
      onSuccess,
      onError: takeBack,
    }),
    reset: useMutation({ mutationFn: () => api.resetUser(ref), onSuccess, onError: toastError }),
    rotate: useMutation({
      mutationFn: () => api.rotateUser(ref),
      onSuccess: () => {
        client.removeQueries({ queryKey: queryKeys.userLinks(ref) });
        void refresh();
      },
      onError: toastError,
    }),
    invite: useMutation({
      mutationFn: () => api.inviteUser(ref),
      onSuccess: () => void refresh(),
      onError: toastError,
    }),
    remove: useMutation({
      mutationFn: () => api.deleteUser(ref),
      onSuccess: () => {
        client.removeQueries({ queryKey: queryKeys.user(ref) });
        void refresh();
      },
      onError: toastError,
    }),
  };
}

export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: CreateUserInput) => api.createUser(input),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: queryKeys.users });
      void client.invalidateQueries({ queryKey: queryKeys.status });
    },
  });
}
