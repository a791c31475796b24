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
    description: "From Jaeger; 503 in words where none runs (npm run up -- --with jaeger).",
    query: traceQuerySchema,
    answer: traceListSchema,
    handle: ({ query, runtime }) => listTraces({ query, queryUrl: runtime.env.JAEGER_QUERY_URL }),
  }),
  defineRoute({
    method: "get",
    path: "/traces/{id}",
    permission: "status:read",
    tag: "Operation",
    summary: "One trace with all its spans",
    params: z.object({ id: traceIdSchema }),
    answer: traceSchema,
    handle: ({ params, runtime }) => getTrace({ id: params.id, queryUrl: runtime.env.JAEGER_QUERY_URL }),
  }),
];
