import { z } from "zod";
import {
  changeMembersInputSchema,
  createGroupInputSchema,
  groupListSchema,
  groupSchema,
  updateGroupInputSchema,
} from "#lib/schemas/group.ts";
import { changeMembers } from "#server/groups/change-members.ts";
import { createGroup } from "#server/groups/create-group.ts";
import { deleteGroup } from "#server/groups/delete-group.ts";
import { getGroupRow, toGroup } from "#server/groups/group-row.ts";
import { listGroups } from "#server/groups/list-groups.ts";
import { updateGroup } from "#server/groups/update-group.ts";
import { defineRoute, type Route } from "../define-route.ts";

const tag = "Access" as const;
/** Id or name. */
const params = z.object({ ref: z.string().min(1).max(64) });
const example = {
  name: "staff",
  note: "Everybody in the house",
  destinations: {
    otherwise: "allow",
    rules: [{ action: "deny", target: "*.example.com", ports: null }],
  },
};

export const groupRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/groups",
    permission: "access:read",
    tag,
    summary: "List groups",
    answer: groupListSchema,
    handle: async ({ ctx }) => ({ items: await listGroups({ ctx }) }),
  }),
  defineRoute({
    method: "post",
    path: "/groups",
    permission: "access:write",
    tag,
    summary: "Make a group",
    description: "`destinations` says where the HTTP and SOCKS5 proxies let its members go.",
    body: createGroupInputSchema,
    example,
    answer: groupSchema,
    status: 201,
    handle: ({ ctx, body }) => createGroup({ ctx, input: body }),
  }),
  defineRoute({
    method: "get",
    path: "/groups/{ref}",
    permission: "access:read",
    tag,
    summary: "Show a group",
    params,
    answer: groupSchema,
    handle: async ({ ctx, params }) => toGroup(await getGroupRow(ctx, params.ref)),
  }),
  defineRoute({
    method: "patch",
    path: "/groups/{ref}",
    permission: "access:write",
    tag,
    summary: "Edit a group",
    params,
    body: updateGroupInputSchema,
    example: { destinations: example.destinations },
    answer: groupSchema,
    handle: ({ ctx, params, body }) => updateGroup({ ctx, ref: params.ref, input: body }),
  }),
  defineRoute({
    method: "delete",
    path: "/groups/{ref}",
    permission: "access:write",
    tag,
    summary: "Delete a group",
    description: "Its members stay. A group that an access rule names cannot be deleted.",
    params,
    answer: null,
    handle: ({ ctx, params }) => deleteGroup({ ctx, ref: params.ref }),
  }),
  defineRoute({
    method: "post",
    path: "/groups/{ref}/members",
    permission: "access:write",
    tag,
    summary: "Put users into a group, take others out",
    params,
    body: changeMembersInputSchema,
    example: { add: ["ada"], remove: ["eve"] },
    answer: groupSchema,
    handle: ({ ctx, params, body }) => changeMembers({ ctx, ref: params.ref, input: body }),
  }),
];
