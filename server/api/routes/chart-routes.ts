import { z } from "zod";
import { METRIC_SERIES } from "#lib/metric-series.ts";
import {
  chartSchema,
  metricQuerySchema,
  metricSeriesSchema,
  totalUsageQuerySchema,
  usersUsageQuerySchema,
} from "#lib/schemas/chart.ts";
import { getMetricSeries } from "#server/metric-series/get-metric-series.ts";
import { getTotalUsageSeries } from "#server/usage/get-total-usage-series.ts";
import { listUsersUsage } from "#server/usage/list-users-usage.ts";
import { defineRoute, type Route } from "../define-route.ts";

export const chartRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/usage/series",
    permission: "status:read",
    tag: "Operation",
    summary: "Everybody's bytes over time, by door or by node",
    query: totalUsageQuerySchema,
    answer: chartSchema,
    handle: ({ ctx, query }) => getTotalUsageSeries({ ctx, query }),
  }),
  defineRoute({
    method: "get",
    path: "/usage/users",
    permission: "users:read",
    tag: "Operation",
    summary: "Bytes a day of some users in the last two weeks",
    description: "`ids`: up to 100, comma-separated. The lines' keys are the ids.",
    query: usersUsageQuerySchema,
    answer: chartSchema,
    handle: ({ ctx, query }) => listUsersUsage({ ctx, ids: query.ids }),
  }),
  defineRoute({
    method: "get",
    path: "/metrics/{series}",
    permission: "status:read",
    tag: "Operation",
    summary: "Rates, times and levels over time",
    description: `From Prometheus; 503 while it is away. One of: ${METRIC_SERIES.join(", ")}.`,
    params: z.object({ series: metricSeriesSchema }),
    query: metricQuerySchema,
    answer: chartSchema,
    handle: ({ ctx, params, query, runtime }) =>
      getMetricSeries({
        ctx,
        series: params.series,
        query,
        source: { prometheusUrl: runtime.env.PROMETHEUS_URL, now: runtime.clock.now() },
      }),
  }),
];
