import { z } from "zod";
import { uuidSchema } from "#lib/schemas/common.ts";
import { changePasswordInputSchema, meSchema, sessionListSchema } from "#lib/schemas/session.ts";
import { listSessions } from "#server/session-rows/list-sessions.ts";
import { endSession } from "#server/sessions/end-session.ts";
import { signInThrottle } from "#server/sessions/sign-in-throttle.ts";
import { changePassword } from "#server/users/change-password.ts";
import { getUser } from "#server/users/get-user.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { ownUserId } from "../permissions.ts";

const tag = "Own account" as const;

export const ownAccountRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/me",
    permission: "self",
    tag,
    summary: "Who is signed in",
    answer: meSchema,
    handle: ({ ctx }) => getUser({ ctx, ref: ownUserId(ctx) }),
  }),
  defineRoute({
    method: "post",
    path: "/users/me/password",
    permission: "self",
    tag,
    summary: "Change the own panel password",
    description: "Ends all other sessions. After too many wrong attempts: 429 with Retry-After.",
    body: changePasswordInputSchema,
    example: { currentPassword: "…", newPassword: "a long new one" },
    answer: null,
    handle: async ({ ctx, body, runtime }) => {
      // Who holds a session only must not find out the password with it.
      const counted = await signInThrottle(runtime.redis).enter(ctx.actor.name, ctx.ip);
      await changePassword({ ctx, input: body });
      await counted.forgive();
    },
  }),
  defineRoute({
    method: "get",
    path: "/users/me/sessions",
    permission: "self",
    tag,
    summary: "List the own sessions",
    answer: sessionListSchema,
    handle: async ({ ctx }) => ({ items: await listSessions({ ctx }) }),
  }),
  defineRoute({
    method: "delete",
    path: "/users/me/sessions/{id}",
    permission: "self",
    tag,
    summary: "End one of the own sessions",
    params: z.object({ id: uuidSchema }),
    answer: null,
    handle: ({ ctx, params, runtime }) => endSession(runtime.redis, ctx, params.id),
  }),
];
