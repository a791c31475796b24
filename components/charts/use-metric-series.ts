import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import type { MetricSeries } from "#lib/metric-series.ts";
import type { ChartTimeState } from "./use-chart-time.ts";

/** One named series of Prometheus; asked only while `isSeen`. */
export function useMetricSeries(
  series: MetricSeries,
  { query, refetchInterval }: Pick<ChartTimeState, "query" | "refetchInterval">,
  { node, isSeen = true }: { node?: string | undefined; isSeen?: boolean } = {},
) {
  const asked = node === undefined ? query : { ...query, node };
  return useQuery({
    queryKey: queryKeys.metric(series, asked),
    queryFn: ({ signal }) => api.getMetricSeries(series, asked, { signal }),
    refetchInterval,
    enabled: isSeen,
    // A Prometheus that is away costs each try its whole patience: say so at once, and ask again on time.
    retry: false,
    placeholderData: keepPreviousData,
  });
}
