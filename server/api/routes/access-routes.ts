import { z } from "zod";
import {
  accessPolicySchema,
  accessPolicyVersionsSchema,
  accessTestSchema,
  testAccessInputSchema,
  updateAccessPolicyInputSchema,
} from "#lib/schemas/access.ts";
import { getAccessPolicy } from "#server/access/get-access-policy.ts";
import { listAccessPolicyVersions } from "#server/access/list-access-policy-versions.ts";
import { testAccess } from "#server/access/test-access.ts";
import { updateAccessPolicy } from "#server/access/update-access-policy.ts";
import { defineRoute, type Route } from "../define-route.ts";

const tag = "Access" as const;

export const accessRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/access/rules",
    permission: "access:read",
    tag,
    summary: "Read the access rules of ForwardAuth",
    answer: accessPolicySchema,
    handle: ({ ctx }) => getAccessPolicy({ ctx }),
  }),
  defineRoute({
    method: "post",
    path: "/access/rules",
    permission: "access:write",
    tag,
    summary: "Put a list of access rules in force",
    description:
      "The whole list; the first rule that matches host and path decides, no match is nobody. `version` is the one you edited: a change by somebody else in between answers 409.",
    body: updateAccessPolicyInputSchema,
    example: {
      version: 0,
      rules: [
        { host: "wiki.example.org", path: "/health", policy: "public" },
        { host: "wiki.example.org", path: "/*", policy: "groups", groups: ["staff"] },
        { host: "*", path: "/*", policy: "roles", roles: ["owner", "admin"] },
      ],
    },
    answer: accessPolicySchema,
    handle: ({ ctx, body }) => updateAccessPolicy({ ctx, input: body }),
  }),
  defineRoute({
    method: "get",
    path: "/access/rules/versions",
    permission: "access:read",
    tag,
    summary: "List earlier versions of the access rules",
    answer: accessPolicyVersionsSchema,
    handle: ({ ctx }) => listAccessPolicyVersions({ ctx }),
  }),
  defineRoute({
    method: "get",
    path: "/access/rules/versions/{version}",
    permission: "access:read",
    tag,
    summary: "Read an earlier version of the access rules",
    params: z.object({ version: z.coerce.number().int().nonnegative().max(2_147_483_647) }),
    answer: accessPolicySchema,
    handle: ({ ctx, params }) => getAccessPolicy({ ctx, version: params.version }),
  }),
  defineRoute({
    method: "post",
    path: "/access/test",
    permission: "access:read",
    tag,
    summary: "Try the access rules",
    description: "What would happen for this user (or nobody) at this address, and which rule says so.",
    body: testAccessInputSchema,
    example: { url: "https://wiki.example.org/page", user: "ada" },
    answer: accessTestSchema,
    handle: ({ ctx, body }) => testAccess({ ctx, input: body }),
  }),
];
