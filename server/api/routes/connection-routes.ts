import { z } from "zod";
import {
  connectionIdSchema,
  connectionListSchema,
  listConnectionsQuerySchema,
} from "#lib/schemas/connection.ts";
import { endConnection } from "#server/connections/end-connection.ts";
import { listConnections } from "#server/connections/list-connections.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { refSchema } from "../user-ref.ts";

const tag = "Operation" as const;

export const connectionRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/connections",
    permission: "users:read",
    tag,
    summary: "What is open at the proxy doors now",
    description: "Tunnels, requests under way and UDP associations of all processes, the youngest first.",
    query: listConnectionsQuerySchema,
    answer: connectionListSchema,
    handle: ({ ctx, query, runtime }) => listConnections({ ctx, redis: runtime.redis, limit: query.limit }),
  }),
  defineRoute({
    method: "get",
    path: "/users/{ref}/connections",
    permission: "users:read+self",
    tag,
    summary: "What one user has open at the proxy doors now",
    params: refSchema,
    query: listConnectionsQuerySchema,
    answer: connectionListSchema,
    handle: ({ ctx, params, query, runtime }) =>
      listConnections({ ctx, redis: runtime.redis, limit: query.limit, ref: params.ref }),
  }),
  defineRoute({
    method: "delete",
    path: "/connections/{id}",
    permission: "users:write",
    tag,
    summary: "End one connection",
    description: "Its user may open another at once; disable the user to prevent that.",
    params: z.object({ id: connectionIdSchema }),
    answer: null,
    handle: ({ ctx, params, runtime }) => endConnection({ ctx, redis: runtime.redis, id: params.id }),
  }),
];
