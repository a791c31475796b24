import { loginInputSchema } from "#lib/schemas/session.ts";
import { invalidInput } from "#server/errors.ts";
import { CLEARED_COOKIE, endSession } from "#server/sessions/end-session.ts";
import { signIn } from "#server/sessions/sign-in.ts";
import { defineRoute, type Route } from "../define-route.ts";

const tag = "Sign-in" as const;
const USER_AGENT_MAX = 300;

export const sessionRoutes: Route[] = [
  defineRoute({
    method: "post",
    path: "/session",
    permission: "public",
    tag,
    summary: "Sign in with name or e-mail and panel password",
    description: "Answers the session cookie. After too many wrong attempts: 429 with Retry-After.",
    body: loginInputSchema,
    example: { name: "ada", password: "…" },
    answer: null,
    handle: async ({ ctx, body, request, runtime }) => {
      const cookie = await signIn({
        ...body,
        ctx,
        redis: runtime.redis,
        secret: runtime.env.NEXTAUTH_SECRET_FILE,
        host: new URL(runtime.env.PANEL_URL).host,
        userAgent: (request.headers.get("user-agent") ?? "").slice(0, USER_AGENT_MAX),
        now: runtime.clock.now(),
      });
      return new Response(null, { status: 204, headers: { "set-cookie": cookie } });
    },
  }),
  defineRoute({
    method: "delete",
    path: "/session",
    permission: "self",
    tag,
    summary: "Sign out: ends the session",
    answer: null,
    handle: async ({ ctx, runtime }) => {
      if (ctx.actor.kind !== "user") throw invalidInput("A token has no session to end: revoke the token.");
      await endSession(runtime.redis, ctx, ctx.actor.sessionId);
      return new Response(null, { status: 204, headers: { "set-cookie": CLEARED_COOKIE } });
    },
  }),
];
