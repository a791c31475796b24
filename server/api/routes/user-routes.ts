import {
  createUserInputSchema,
  inviteSchema,
  listUsersQuerySchema,
  rotateInputSchema,
  updateUserInputSchema,
  userPageSchema,
  userSchema,
  userSecretsSchema,
} from "#lib/schemas/user.ts";
import { countOpen } from "#server/connections/count-open.ts";
import { createInvite } from "#server/users/create-invite.ts";
import { createUser } from "#server/users/create-user.ts";
import { deleteUser } from "#server/users/delete-user.ts";
import { disableUser } from "#server/users/disable-user.ts";
import { enableUser } from "#server/users/enable-user.ts";
import { getUser } from "#server/users/get-user.ts";
import { getUserSecrets } from "#server/users/get-user-secrets.ts";
import { listUsers } from "#server/users/list-users.ts";
import { resetUser } from "#server/users/reset-user.ts";
import { rotateUser } from "#server/users/rotate-user.ts";
import { updateUser } from "#server/users/update-user.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { refSchema } from "../user-ref.ts";

const tag = "Users" as const;
const params = refSchema;

export const userRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/users",
    permission: "users:read",
    tag,
    summary: "List users",
    query: listUsersQuerySchema,
    answer: userPageSchema,
    handle: ({ ctx, query }) => listUsers({ ctx, query }),
  }),
  defineRoute({
    method: "post",
    path: "/users",
    permission: "users:write",
    tag,
    summary: "Create a user with all credentials and an invite",
    description: "Only the name is needed. The secrets are in this answer, in `links` and after `rotate`.",
    body: createUserInputSchema,
    example: {
      name: "ada",
      limitBytes: 10_000_000_000,
      resetPeriod: "month",
      expiresAt: "2030-01-31T00:00:00Z",
    },
    answer: userSecretsSchema,
    status: 201,
    handle: ({ ctx, body }) => createUser({ ctx, input: body }),
  }),
  defineRoute({
    method: "get",
    path: "/users/{ref}",
    permission: "users:read+self",
    tag,
    summary: "Show a user",
    params,
    answer: userSchema,
    handle: ({ ctx, params }) => getUser({ ctx, ref: params.ref }),
  }),
  defineRoute({
    method: "patch",
    path: "/users/{ref}",
    permission: "users:write",
    tag,
    summary: "Change a user",
    description:
      "What is left out stays as it is. `limitBytes` null is unlimited, `expiresAt` null is never.",
    params,
    body: updateUserInputSchema,
    example: { limitBytes: 20_000_000_000, note: "moved to the large plan" },
    answer: userSchema,
    handle: ({ ctx, params, body }) => updateUser({ ctx, ref: params.ref, input: body }),
  }),
  defineRoute({
    method: "delete",
    path: "/users/{ref}",
    permission: "users:write",
    tag,
    summary: "Delete a user",
    description: "Ends live connections on every door; usage and audit rows stay.",
    params,
    answer: null,
    handle: ({ ctx, params }) => deleteUser({ ctx, ref: params.ref }),
  }),
  defineRoute({
    method: "post",
    path: "/users/{ref}/disable",
    permission: "users:write",
    tag,
    summary: "Switch a user off on every door",
    description:
      "New connections are refused and live ones ended: `endedConnections` of the proxies; null = it was not known.",
    params,
    answer: userSchema,
    handle: async ({ ctx, params, runtime }) => {
      const { id } = await getUser({ ctx, ref: params.ref });
      const endedConnections = await countOpen(runtime.redis, id);
      const user = await disableUser({ ctx, ref: params.ref });
      return { ...user, endedConnections };
    },
  }),
  defineRoute({
    method: "post",
    path: "/users/{ref}/enable",
    permission: "users:write",
    tag,
    summary: "Switch a user on again",
    params,
    answer: userSchema,
    handle: ({ ctx, params }) => enableUser({ ctx, ref: params.ref }),
  }),
  defineRoute({
    method: "post",
    path: "/users/{ref}/reset",
    permission: "users:write",
    tag,
    summary: "Set a user's usage back to zero",
    params,
    answer: userSchema,
    handle: ({ ctx, params }) => resetUser({ ctx, ref: params.ref }),
  }),
  defineRoute({
    method: "post",
    path: "/users/{ref}/rotate",
    permission: "users:write+self",
    tag,
    summary: "Replace a user's credentials",
    description: "All of them, or `only` one. What used the old ones is cut off.",
    params,
    body: rotateInputSchema,
    example: { only: "proxy" },
    answer: userSecretsSchema,
    handle: ({ ctx, params, body }) => rotateUser({ ctx, ref: params.ref, only: body.only }),
  }),
  defineRoute({
    method: "post",
    path: "/users/{ref}/invite",
    permission: "users:write",
    tag,
    summary: "Make an invite link, with which the user sets the panel password",
    description: "Single use, 72 hours; earlier invites of the user end.",
    params,
    answer: inviteSchema,
    status: 201,
    handle: ({ ctx, params }) => createInvite({ ctx, ref: params.ref }),
  }),
  defineRoute({
    method: "get",
    path: "/users/{ref}/links",
    permission: "users:read+self",
    tag,
    summary: "Show a user's credentials and links",
    description: "Of somebody else: leaves an audit row.",
    params,
    answer: userSecretsSchema,
    handle: ({ ctx, params }) => getUserSecrets({ ctx, ref: params.ref }),
  }),
];
