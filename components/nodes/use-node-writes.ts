import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import { toastError } from "#components/toast-error.ts";
import type { AddNodeInput } from "#lib/schemas/node.ts";

/** Adding, inviting and taking out nodes; the list, links and the audit log are read again. */
export function useNodeWrites() {
  const client = useQueryClient();
  const onSuccess = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.nodes }),
      client.invalidateQueries({ queryKey: queryKeys.status }),
      client.invalidateQueries({ queryKey: ["audit"] }),
    ]);
  return {
    /** Errors belong to the form. */
    add: useMutation({ mutationFn: (input: AddNodeInput) => api.addNode(input), onSuccess }),
    invite: useMutation({ mutationFn: (id: string) => api.inviteNode(id), onSuccess, onError: toastError }),
    remove: useMutation({ mutationFn: (id: string) => api.removeNode(id), onSuccess, onError: toastError }),
  };
}
