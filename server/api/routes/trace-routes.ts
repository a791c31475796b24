import { z } from "zod";
import { traceIdSchema, traceListSchema, traceQuerySchema, traceSchema } from "#lib/schemas/trace.ts";
import { getTrace } from "#server/traces/get-trace.ts";
import { listTraces } from "#server/traces/list-traces.ts";
import { defineRoute, type Route } from "../define-route.ts";

export const traceRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/traces",
    permission: "status:read",
    tag: "Operation",
    summary: "Recent traces, newest first",
    description: "From Jaeger, where one runs (npm run up -- --with jaeger); 503 while it is silent.",
    query: traceQuerySchema,
    answer: traceListSchema,
    handle: ({ query, runtime }) => listTraces({ query, queryUrl: runtime.env.JAEGER_QUERY_URL }),
  }),
  defineRoute({
    method: "get",
    path: "/traces/{traceId}",
    permission: "status:read",
    tag: "Operation",
    summary: "One trace with all its spans",
    params: z.object({ traceId: traceIdSchema }),
    answer: traceSchema,
    handle: ({ params, runtime }) => getTrace({ id: params.traceId, queryUrl: runtime.env.JAEGER_QUERY_URL }),
  }),
];
