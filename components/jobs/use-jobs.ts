import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import { toastError } from "#components/toast-error.ts";
import type { JobName } from "#lib/schemas/job.ts";

/** Asked for more often while one is under way. */
export function useJobs() {
  return useQuery({
    queryKey: queryKeys.jobs,
    queryFn: ({ signal }) => api.listJobs({ signal }),
    refetchInterval: (query) => (query.state.data?.items.some((job) => job.isUnderWay) ? 1_000 : 10_000),
  });
}

export function useRunJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: JobName) => api.runJob(name),
    onError: toastError,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: queryKeys.jobs });
      void client.invalidateQueries({ queryKey: ["audit"] });
    },
  });
}
