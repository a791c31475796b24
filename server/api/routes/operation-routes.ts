import { z } from "zod";
import {
  auditPageSchema,
  auditQuerySchema,
  nodeListSchema,
  nodeSchema,
  statusSchema,
} from "#lib/schemas/status.ts";
import { listAudit } from "#server/audit/list-audit.ts";
import { getNode, listNodes } from "#server/nodes/list-nodes.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { readStatus } from "../read-status.ts";

export const operationRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/status",
    permission: "status:read",
    tag: "Operation",
    summary: "Programs, users, traffic today, and what an operator should know",
    answer: statusSchema,
    handle: ({ ctx, runtime }) => readStatus(ctx, runtime),
  }),
  defineRoute({
    method: "get",
    path: "/audit",
    permission: "audit:read",
    tag: "Operation",
    summary: "Who did what, newest first",
    query: auditQuerySchema,
    answer: auditPageSchema,
    handle: ({ ctx, query }) => listAudit({ ctx, query }),
  }),
  defineRoute({
    method: "get",
    path: "/nodes",
    permission: "nodes:read",
    tag: "Nodes",
    summary: "List nodes",
    answer: nodeListSchema,
    handle: async ({ ctx }) => ({ items: await listNodes({ ctx }) }),
  }),
  defineRoute({
    method: "get",
    path: "/nodes/{node}",
    permission: "nodes:read",
    tag: "Nodes",
    summary: "Show a node, by id or name",
    params: z.object({ node: z.string().min(1).max(64) }),
    answer: nodeSchema,
    handle: ({ ctx, params }) => getNode({ ctx, ref: params.node }),
  }),
];
