import { z } from "zod";
import { acceptInviteInputSchema, inviteInfoSchema } from "#lib/schemas/session.ts";
import { acceptInvite } from "#server/users/accept-invite.ts";
import { getInvite } from "#server/users/get-invite.ts";
import { defineRoute, type Route } from "../define-route.ts";

const tag = "Invites" as const;
const params = z.object({ token: z.string().min(1).max(100) });

export const inviteRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/invites/{token}",
    permission: "public",
    tag,
    summary: "Whom an invite is for",
    params,
    answer: inviteInfoSchema,
    handle: async ({ params }) => {
      const invite = await getInvite({ token: params.token });
      return { name: invite.user.name, expiresAt: invite.expiresAt.toISOString() };
    },
  }),
  defineRoute({
    method: "post",
    path: "/invites/{token}",
    permission: "public",
    tag,
    summary: "Accept an invite: set the panel password",
    params,
    body: acceptInviteInputSchema,
    example: { password: "a long new one" },
    answer: null,
    handle: ({ ctx, params, body }) =>
      acceptInvite({ token: params.token, input: body, ip: ctx.ip, requestId: ctx.requestId }),
  }),
];
