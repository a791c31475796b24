import { describe, expect, it } from "vitest";
import { readChanges } from "#server/changes/read-changes.ts";
import { readReplica } from "#server/changes/read-replica.ts";
import type { Context } from "#server/context.ts";
import { changeMembers } from "#server/groups/change-members.ts";
import { createGroup } from "#server/groups/create-group.ts";
import { deleteGroup } from "#server/groups/delete-group.ts";
import { listGroups } from "#server/groups/list-groups.ts";
import { updateGroup } from "#server/groups/update-group.ts";
import { getUser } from "#server/users/get-user.ts";
import { listUsers } from "#server/users/list-users.ts";
import { updateUser } from "#server/users/update-user.ts";
import { cliContext, preparePlatform, userContext } from "#test/database.ts";
import { makeUser, trailOf } from "#test/made.ts";

const platform = preparePlatform();
const ctx = cliContext();
let made = 0;
const makeGroup = () => createGroup({ ctx, input: { name: `group-${++made}` } });

const verbs: [string, string, string, (ctx: Context, ref: string) => Promise<unknown>][] = [
  ["updateGroup", "group.update", "group", (ctx, ref) => updateGroup({ ctx, ref, input: { note: "new" } })],
  ["deleteGroup", "group.delete", "group", (ctx, ref) => deleteGroup({ ctx, ref })],
];

describe.each(verbs)("%s", (_name, action, kind, verb) => {
  it("leaves an audit row and a change row", async () => {
    const group = await makeGroup();
    const trail = await trailOf(platform.db, () => verb(ctx, group.name));
    expect(trail.audit).toEqual([{ action, targetName: group.name }]);
    expect(trail.changes).toEqual([{ kind, ids: [group.id] }]);
  });

  it("refuses a plain user and an unknown group", async () => {
    const [group, user] = [await makeGroup(), await makeUser()];
    await expect(verb(userContext(user), group.id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(verb(ctx, "nobody-there")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("groups", () => {
  it("have names of their own, which are no role's", async () => {
    const group = await makeGroup();
    await expect(createGroup({ ctx, input: { name: group.name } })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    await expect(createGroup({ ctx, input: { name: "admin" } })).rejects.toThrow(/not a role's name/);
    const other = await makeGroup();
    await expect(updateGroup({ ctx, ref: other.id, input: { name: group.name } })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    const user = await makeUser();
    await expect(createGroup({ ctx: userContext(user), input: { name: "mine" } })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await expect(listGroups({ ctx: userContext(user) })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it.each(["1.2.3", "exa mple.org", "http://example.org", "10.0.0.0/33", "*.", "a..b", "[::1]"])(
    "take no rule for %s, and say what would be right",
    async (target) => {
      const input = { name: "x", destinations: { rules: [{ action: "deny" as const, target }] } };
      await expect(createGroup({ ctx, input })).rejects.toThrow(/Write a domain/);
    },
  );

  it("keep rules as written, for domains, networks and ports", async () => {
    const rules = [
      { action: "deny", target: "*.example.com", ports: null },
      { action: "allow", target: "2001:db8::/32", ports: "443,8000-8100" },
      { action: "allow", target: "192.0.2.1", ports: "80" },
      { action: "deny", target: "*", ports: "25" },
    ] as const;
    const group = await createGroup({
      ctx,
      input: { name: `group-${++made}`, destinations: { rules: [...rules] } },
    });
    expect(group.destinations).toEqual({ otherwise: "allow", rules });
    const input = {
      name: "y",
      destinations: { rules: [{ action: "deny" as const, target: "*", ports: "9-8" }] },
    };
    await expect(createGroup({ ctx, input })).rejects.toThrow(/the smaller first/);
  });
});

describe("membership", () => {
  it("changes for many at once, all or none, with one change row", async () => {
    const [group, ada, eve] = [await makeGroup(), await makeUser(), await makeUser()];
    const trail = await trailOf(platform.db, () =>
      changeMembers({ ctx, ref: group.name, input: { add: [ada.name, eve.id] } }),
    );
    expect(trail.changes).toEqual([{ kind: "user", ids: expect.arrayContaining([ada.id, eve.id]) }]);
    expect(trail.audit).toEqual([{ action: "group.members", targetName: group.name }]);
    await expect(
      changeMembers({ ctx, ref: group.name, input: { remove: [ada.name, "nobody-there"] } }),
    ).rejects.toThrow(/no user “nobody-there”/);
    expect((await getUser({ ctx, ref: ada.id })).groups).toEqual([group.name]);
    expect(await changeMembers({ ctx, ref: group.name, input: { remove: [ada.name] } })).toMatchObject({
      members: 1,
    });
  });

  it("is what users are listed by, whatever they are sorted by", async () => {
    const group = await makeGroup();
    const [ada, eve] = [await makeUser({ groups: [group.name] }), await makeUser({ groups: [group.name] })];
    await makeUser();
    for (const sort of ["name", "usedBytes"] as const) {
      const { items, total } = await listUsers({ ctx, query: { group: group.name, sort } });
      expect(items.map(({ id }) => id).toSorted()).toEqual([ada.id, eve.id].toSorted());
      expect(total).toBe(2);
    }
    expect((await listUsers({ ctx, query: { group: group.name, online: "true" } })).total).toBe(0);
    expect((await listUsers({ ctx, query: { group: "none-such" } })).items).toEqual([]);
  });

  it("is set with the user, by name", async () => {
    const [one, two] = [await makeGroup(), await makeGroup()];
    const user = await makeUser({ groups: [one.name] });
    expect(user.groups).toEqual([one.name]);
    const updated = await updateUser({ ctx, ref: user.id, input: { groups: [two.name] } });
    expect(updated.groups).toEqual([two.name]);
    await expect(updateUser({ ctx, ref: user.id, input: { groups: ["none-such"] } })).rejects.toThrow(
      /no group “none-such”/,
    );
    await expect(makeUser({ groups: ["none-such"] })).rejects.toThrow(/no group “none-such”/);
  });
});

describe("the replica and its feed", () => {
  it("carry groups, their rules and who is in them", async () => {
    const group = await makeGroup();
    const user = await makeUser({ groups: [group.name] });
    const { header, users } = await readReplica();
    expect(header.groups).toContainEqual({
      id: group.id,
      name: group.name,
      destinations: group.destinations,
    });
    expect(users.find(({ id }) => id === user.id)?.groups).toEqual([group.id]);
    const destinations = { otherwise: "deny" as const, rules: [] };
    await updateGroup({ ctx, ref: group.id, input: { destinations } });
    expect((await readChanges({ after: header.revision })).groups).toEqual([
      { id: group.id, group: { id: group.id, name: group.name, destinations } },
    ]);
    await deleteGroup({ ctx, ref: group.id });
    expect((await readChanges({ after: header.revision })).groups).toEqual([{ id: group.id, group: null }]);
    expect((await getUser({ ctx, ref: user.id })).groups).toEqual([]);
  });
});
