import { z } from "zod";
import { uuidSchema } from "#lib/schemas/common.ts";
import { apiTokenListSchema, createdTokenSchema, createTokenInputSchema } from "#lib/schemas/session.ts";
import { createToken } from "#server/tokens/create-token.ts";
import { listTokens } from "#server/tokens/list-tokens.ts";
import { revokeToken } from "#server/tokens/revoke-token.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { ownUserId } from "../permissions.ts";

const tag = "Tokens" as const;

export const tokenRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/tokens",
    permission: "self",
    tag,
    summary: "List the own API tokens",
    answer: apiTokenListSchema,
    handle: async ({ ctx }) => {
      ownUserId(ctx);
      return { items: await listTokens({ ctx }) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/tokens",
    permission: "self",
    tag,
    summary: "Make an API token",
    description:
      "The token is in this answer only. Scopes: read (GET), write (everything), forward-auth (doors).",
    body: createTokenInputSchema,
    example: { name: "backup script", scopes: ["read"], expiresAt: null },
    answer: createdTokenSchema,
    status: 201,
    handle: ({ ctx, body }) => {
      ownUserId(ctx);
      return createToken({ ctx, input: body });
    },
  }),
  defineRoute({
    method: "delete",
    path: "/tokens/{id}",
    permission: "self",
    tag,
    summary: "Revoke an own API token",
    params: z.object({ id: uuidSchema }),
    answer: null,
    handle: ({ ctx, params }) => revokeToken({ ctx, id: params.id }),
  }),
];
