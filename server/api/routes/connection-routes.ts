import { z } from "zod";
import {
  connectionHistoryQuerySchema,
  connectionHistorySchema,
  connectionIdSchema,
  connectionListSchema,
  listConnectionsQuerySchema,
} from "#lib/schemas/connection.ts";
import { endConnection } from "#server/connections/end-connection.ts";
import { getConnectionHistory } from "#server/connections/get-connection-history.ts";
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
    summary: "What is open at the doors now",
    description:
      "Tunnels, requests under way and UDP associations of all proxy processes, and VPN clients' connections of all nodes, the youngest first. A VPN connection has no bytes of its own (Xray counts by user) and no target, and may stay in the list for ten seconds after it has closed.",
    query: listConnectionsQuerySchema,
    answer: connectionListSchema,
    handle: ({ ctx, query, runtime }) => listConnections({ ctx, redis: runtime.redis, limit: query.limit }),
  }),
  defineRoute({
    method: "get",
    path: "/users/{ref}/connections",
    permission: "users:read+self",
    tag,
    summary: "What one user has open at the doors now",
    params: refSchema,
    query: listConnectionsQuerySchema,
    answer: connectionListSchema,
    handle: ({ ctx, params, query, runtime }) =>
      listConnections({ ctx, redis: runtime.redis, limit: query.limit, ref: params.ref }),
  }),
  defineRoute({
    method: "get",
    path: "/users/{ref}/connections/history",
    permission: "users:read+self",
    tag,
    summary: "What one user did at the proxy doors, by day",
    description:
      "Opened, refused by reason, duration and last seen, by UTC day and door, and the last ten client addresses of each door. Kept for CONNECTION_HISTORY_DAYS (90).",
    params: refSchema,
    query: connectionHistoryQuerySchema,
    answer: connectionHistorySchema,
    handle: ({ ctx, params, query }) => getConnectionHistory({ ctx, ref: params.ref, days: query.days }),
  }),
  defineRoute({
    method: "delete",
    path: "/connections/{id}",
    permission: "users:write",
    tag,
    summary: "End one connection",
    description:
      "Its user may open another at once; disable the user to prevent that. Of the VPN the client's TCP connection is reset, with all that it carries, and VPN apps come back within seconds; a node that may not end sockets (no CAP_NET_ADMIN) answers 409.",
    params: z.object({ id: connectionIdSchema }),
    answer: null,
    handle: ({ ctx, params, runtime }) => endConnection({ ctx, redis: runtime.redis, id: params.id }),
  }),
];
