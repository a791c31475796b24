import { z } from "zod";
import { CONFIG_FORMATS } from "#lib/api-client.ts";
import { chartQuerySchema, chartSchema } from "#lib/schemas/chart.ts";
import { usageQuerySchema, usageSchema } from "#lib/schemas/usage.ts";
import { renderSubscription } from "#server/subscriptions/render-subscription.ts";
import { getUsage } from "#server/usage/get-usage.ts";
import { getUsageSeries } from "#server/usage/get-usage-series.ts";
import { getUserSecrets } from "#server/users/get-user-secrets.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { refSchema } from "../user-ref.ts";

const tag = "Users" as const;
const params = refSchema;

export const usageRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/users/{ref}/usage",
    permission: "users:read+self",
    tag,
    summary: "Bytes by door",
    description: "Since the last reset, or between `from` and `to`. Up is client to origin.",
    params,
    query: usageQuerySchema,
    answer: usageSchema,
    handle: ({ ctx, params, query }) => getUsage({ ctx, ref: params.ref, query }),
  }),
  defineRoute({
    method: "get",
    path: "/users/{ref}/usage/series",
    permission: "users:read+self",
    tag,
    summary: "Bytes by door over time, without gaps",
    params,
    query: chartQuerySchema,
    answer: chartSchema,
    handle: ({ ctx, params, query }) => getUsageSeries({ ctx, ref: params.ref, query }),
  }),
  defineRoute({
    method: "get",
    path: "/users/{ref}/config",
    permission: "users:read+self",
    tag,
    summary: "Download a client's config file",
    description: "Of somebody else: leaves an audit row.",
    params,
    query: z.object({ format: z.enum(CONFIG_FORMATS).default("links") }),
    answer: "file",
    handle: async ({ ctx, params, query }) => {
      const user = await getUserSecrets({ ctx, ref: params.ref });
      const file = renderSubscription({ user, format: query.format });
      return new Response(file.body, {
        headers: {
          "content-type": file.contentType,
          "content-disposition": `attachment; filename="${file.fileName}"`,
          "cache-control": "no-store",
        },
      });
    },
  }),
];
