import { describe, expect, it } from "vitest";
import { getAccessPolicy } from "#server/access/get-access-policy.ts";
import { listAccessPolicyVersions } from "#server/access/list-access-policy-versions.ts";
import { testAccess } from "#server/access/test-access.ts";
import { updateAccessPolicy } from "#server/access/update-access-policy.ts";
import { readChanges } from "#server/changes/read-changes.ts";
import { readReplica } from "#server/changes/read-replica.ts";
import { createGroup } from "#server/groups/create-group.ts";
import { deleteGroup } from "#server/groups/delete-group.ts";
import { updateGroup } from "#server/groups/update-group.ts";
import { disableUser } from "#server/users/disable-user.ts";
import { cliContext, preparePlatform, userContext } from "#test/database.ts";
import { makeUser, trailOf } from "#test/made.ts";

const platform = preparePlatform();
const ctx = cliContext();
type Rules = Parameters<typeof updateAccessPolicy>[0]["input"]["rules"];
const put = async (rules: Rules) => {
  const { version } = await getAccessPolicy({ ctx });
  return updateAccessPolicy({ ctx, input: { version, rules } });
};

describe("the access rules", () => {
  it("begin as installed: operators only", async () => {
    expect(await getAccessPolicy({ ctx })).toMatchObject({
      version: 0,
      rules: [{ host: "*", path: "/*", policy: "roles", roles: ["owner", "admin"] }],
    });
  });

  it("are put in force whole, as the next version, and leave audit and change rows", async () => {
    const before = await getAccessPolicy({ ctx });
    const rules = [{ host: "Wiki.Example.org", path: "/health", policy: "public" as const }];
    const trail = await trailOf(platform.db, () => put(rules));
    expect(trail.audit).toEqual([
      { action: "access.update", targetName: expect.stringContaining("version") },
    ]);
    expect(trail.changes).toEqual([{ kind: "access", ids: [] }]);
    const now = await getAccessPolicy({ ctx });
    expect(now).toMatchObject({
      version: before.version + 1,
      changedBy: "local-cli",
      rules: [{ host: "wiki.example.org", path: "/health", policy: "public", roles: [], groups: [] }],
    });
    expect(await getAccessPolicy({ ctx, version: before.version })).toEqual(before);
    expect((await listAccessPolicyVersions({ ctx })).items[0]).toMatchObject({
      version: now.version,
      rules: 1,
    });
    await expect(getAccessPolicy({ ctx, version: 9_999 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("lose nobody's edit: who edited an old version is told", async () => {
    const { version } = await getAccessPolicy({ ctx });
    const input = { version, rules: [] };
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => updateAccessPolicy({ ctx, input })));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "CONFLICT" });
  });

  it.each([
    [{ host: "wiki.example.org:8443", policy: "public" as const }, /no port/],
    [{ host: "https://wiki", policy: "public" as const }, /no port/],
    [{ host: "wiki", path: "health", policy: "public" as const }, /Write a path/],
    [{ host: "wiki", path: "/a/../b", policy: "public" as const }, /Write a path/],
    [{ host: "wiki", path: "/a*b", policy: "public" as const }, /Write a path/],
    [{ host: "wiki", policy: "roles" as const }, /Name the roles/],
    [{ host: "wiki", policy: "public" as const, roles: ["admin" as const] }, /Name the roles/],
    [{ host: "wiki", policy: "groups" as const, groups: ["none-such"] }, /no group “none-such”/],
  ])("refuse %o", async (rule, message) => {
    await expect(put([rule])).rejects.toThrow(message);
  });

  it("are for operators only", async () => {
    const user = userContext(await makeUser());
    await expect(getAccessPolicy({ ctx: user })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(listAccessPolicyVersions({ ctx: user })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(updateAccessPolicy({ ctx: user, input: { version: 0, rules: [] } })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const input = { url: "https://wiki/", user: null };
    await expect(testAccess({ ctx: user, input })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("follow a group's new name and keep it from being deleted", async () => {
    const group = await createGroup({ ctx, input: { name: "team-a" } });
    await put([{ host: "wiki", policy: "groups", groups: ["team-a"] }]);
    await updateGroup({ ctx, ref: group.id, input: { name: "team-b" } });
    expect((await getAccessPolicy({ ctx })).rules[0]?.groups).toEqual(["team-b"]);
    await expect(deleteGroup({ ctx, ref: "team-b" })).rejects.toThrow(/Access rule 1 names the group/);
    await put([]);
    await deleteGroup({ ctx, ref: "team-b" });
  });

  it("reach the replica and its feed", async () => {
    const { header } = await readReplica();
    const { version } = await put([{ host: "wiki", policy: "any_user" }]);
    const access = {
      version,
      rules: [{ host: "wiki", path: "/*", policy: "any_user", roles: [], groups: [] }],
    };
    expect((await readChanges({ after: header.revision })).access).toEqual(access);
    expect((await readReplica()).header.access).toEqual(access);
    await makeUser();
    expect((await readChanges({ after: header.revision + 1 })).access).toBeNull();
  });
});

describe("the tester", () => {
  it("says what would happen, and which rule says so", async () => {
    await createGroup({ ctx, input: { name: "staff" } });
    const [member, other] = [await makeUser({ groups: ["staff"] }), await makeUser()];
    await put([
      { host: "wiki.example.org", path: "/health", policy: "public" },
      { host: "wiki.example.org", path: "/*", policy: "groups", groups: ["staff"] },
    ]);
    const ask = (url: string, user: string | null) => testAccess({ ctx, input: { url, user } });
    expect(await ask("https://wiki.example.org/health", null)).toMatchObject({ outcome: "allow", rule: 1 });
    expect(await ask("https://wiki.example.org/page?x=1", null)).toMatchObject({
      outcome: "sign_in",
      rule: 2,
    });
    expect(await ask("https://WIKI.example.org:8443/page", member.name)).toMatchObject({
      outcome: "allow",
      rule: 2,
      reason: `${member.name} gets in: rule 2 decides.`,
    });
    expect(await ask("https://wiki.example.org/page", other.id)).toMatchObject({ outcome: "deny", rule: 2 });
    expect(await ask("https://elsewhere.example.org/", member.name)).toMatchObject({
      outcome: "deny",
      rule: null,
    });
    expect(await ask("https://panel.test/grafana", member.name)).toMatchObject({
      outcome: "deny",
      rule: null,
    });
    await disableUser({ ctx, ref: member.id });
    expect(await ask("https://wiki.example.org/page", member.name)).toMatchObject({
      outcome: "deny",
      reason: `${member.name} is disabled: every door is closed to them.`,
    });
    await expect(ask("wiki.example.org", null)).rejects.toThrow(/Write a whole address/);
  });
});
