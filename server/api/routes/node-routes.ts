import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { encodeJoinToken } from "#lib/join-token.ts";
import {
  addedNodeSchema,
  addNodeInputSchema,
  editNodeInputSchema,
  enrolInputSchema,
  enrolledSchema,
  nodeInviteSchema,
  webCaSchema,
} from "#lib/schemas/node.ts";
import { nodeSchema } from "#lib/schemas/status.ts";
import { addNode } from "#server/nodes/add-node.ts";
import { editNode } from "#server/nodes/edit-node.ts";
import { enrolNode } from "#server/nodes/enrol-node.ts";
import { inviteNode } from "#server/nodes/invite-node.ts";
import { getNode } from "#server/nodes/list-nodes.ts";
import { removeNode } from "#server/nodes/remove-node.ts";
import { defineRoute, type Route } from "../define-route.ts";
import type { WebRuntime } from "../web-runtime.ts";

const tag = "Nodes" as const;
const params = z.object({ node: z.string().min(1).max(64) });

export const nodeRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/ca",
    permission: "public",
    tag: "Operation",
    summary: "The CA that signs this panel's certificate",
    description: "Compare its fingerprint by another way before you trust it. null: a public CA.",
    answer: webCaSchema,
    handle: async ({ runtime }) => ({ certificate: readWebCa(runtime) }),
  }),
  defineRoute({
    method: "post",
    path: "/nodes",
    permission: "nodes:write",
    tag,
    summary: "Add a node: answers the token that its machine joins with, once, within 24 h",
    body: addNodeInputSchema,
    example: { name: "oslo", address: "203.0.113.20" },
    answer: addedNodeSchema,
    status: 201,
    handle: async ({ ctx, body, runtime }) => {
      const { id, ...secret } = await addNode({ ctx, input: body });
      return { node: await getNode({ ctx, ref: id }), invite: inviteOf(secret, runtime) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/nodes/enrol",
    permission: "public",
    tag,
    summary: "Join as a node: the secret of the token and a CSR for a certificate of the node CA",
    body: enrolInputSchema,
    answer: enrolledSchema,
    handle: ({ body }) => enrolNode({ input: body }),
  }),
  defineRoute({
    method: "post",
    path: "/nodes/{node}/invite",
    permission: "nodes:write",
    tag,
    summary: "A new token for a node's machine; an older one ends",
    params,
    answer: nodeInviteSchema,
    handle: async ({ ctx, params, runtime }) =>
      inviteOf(await inviteNode({ ctx, ref: params.node }), runtime),
  }),
  defineRoute({
    method: "patch",
    path: "/nodes/{node}",
    permission: "nodes:write",
    tag,
    summary: "Change a node's address or ports",
    params,
    body: editNodeInputSchema,
    example: { address: "203.0.113.21" },
    answer: nodeSchema,
    handle: async ({ ctx, params, body }) => {
      await editNode({ ctx, ref: params.node, input: body });
      return getNode({ ctx, ref: params.node });
    },
  }),
  defineRoute({
    method: "delete",
    path: "/nodes/{node}",
    permission: "nodes:write",
    tag,
    summary: "Take a node out: its links go, its connections end, its certificate is worth nothing",
    params,
    answer: null,
    handle: ({ ctx, params }) => removeNode({ ctx, ref: params.node }),
  }),
];

function readWebCa({ env }: WebRuntime): string | null {
  return env.WEB_CA_FILE === undefined ? null : readFileSync(env.WEB_CA_FILE, "utf8");
}

/** The token says where to join and whom to trust there, so that one line is enough on the other machine. */
function inviteOf({ secret, expiresAt }: { secret: string; expiresAt: Date }, runtime: WebRuntime) {
  const ca = readWebCa(runtime);
  const caFingerprint =
    ca === null ? null : createHash("sha256").update(new X509Certificate(ca).raw).digest("hex");
  const token = encodeJoinToken({ url: runtime.env.PANEL_URL, caFingerprint, secret });
  return { token, expiresAt: expiresAt.toISOString() };
}
