import { describe, expect, it } from "vitest";
import type { Context } from "#server/context.ts";
import { applyUsage } from "#server/usage/apply-usage.ts";
import { createInvite } from "#server/users/create-invite.ts";
import { deleteUser } from "#server/users/delete-user.ts";
import { disableUser } from "#server/users/disable-user.ts";
import { enableUser } from "#server/users/enable-user.ts";
import { getUser } from "#server/users/get-user.ts";
import { resetUser } from "#server/users/reset-user.ts";
import { rotateUser } from "#server/users/rotate-user.ts";
import { updateUser } from "#server/users/update-user.ts";
import { cliContext, preparePlatform, userContext } from "#test/database.ts";
import { makeUser, trailOf } from "#test/made.ts";

const platform = preparePlatform();

const verbs: [string, string, (ctx: Context, ref: string) => Promise<unknown>][] = [
  ["updateUser", "user.update", (ctx, ref) => updateUser({ ctx, ref, input: { note: "new" } })],
  ["disableUser", "user.disable", (ctx, ref) => disableUser({ ctx, ref })],
  ["enableUser", "user.enable", (ctx, ref) => enableUser({ ctx, ref })],
  ["resetUser", "user.reset", (ctx, ref) => resetUser({ ctx, ref })],
  ["rotateUser", "user.rotate", (ctx, ref) => rotateUser({ ctx, ref })],
  ["createInvite", "user.invite", (ctx, ref) => createInvite({ ctx, ref })],
  ["deleteUser", "user.delete", (ctx, ref) => deleteUser({ ctx, ref })],
];

describe.each(verbs)("%s", (_name, action, run) => {
  it("leaves its audit row and change row", async () => {
    const user = await makeUser();
    const trail = await trailOf(platform.db, () => run(cliContext(), user.name));
    expect(trail.audit).toEqual([{ action, targetName: user.name }]);
    expect(trail.changes).toEqual([{ kind: "user", ids: [user.id] }]);
  });

  it("refuses a user on somebody else's account, and an admin on an owner's", async () => {
    const user = await makeUser();
    const owner = await makeUser({ role: "owner" });
    const trail = await trailOf(platform.db, async () => {
      await expect(run(userContext({ role: "user" }), user.id)).rejects.toMatchObject({ code: "FORBIDDEN" });
      await expect(run(userContext({ role: "admin" }), owner.id)).rejects.toMatchObject({
        code: "FORBIDDEN",
      });
      await expect(run(cliContext(), owner.name)).rejects.toMatchObject({ code: "FORBIDDEN" });
      await expect(run(cliContext(), "nobody")).rejects.toMatchObject({ code: "NOT_FOUND" });
    });
    expect(trail).toMatchObject({ audit: [], changes: [] });
  });
});

const spend = (userId: string, bytes: number) =>
  applyUsage({
    batch: {
      source: "test",
      boot: crypto.randomUUID(),
      seq: 1,
      entries: [{ userId, door: "http", upBytes: bytes, downBytes: 0, at: Date.now() }],
    },
  });

describe("status", () => {
  it("follows every edit of limit and expiry", async () => {
    const { id } = await makeUser();
    await spend(id, 500);
    const edit = async (input: Parameters<typeof updateUser>[0]["input"]) =>
      (await updateUser({ ctx: cliContext(), ref: id, input })).status;
    expect(await edit({ limitBytes: 400 })).toBe("limited");
    expect(await edit({ limitBytes: 1_000 })).toBe("active");
    expect(await edit({ expiresAt: "2020-01-01T00:00:00Z" })).toBe("expired");
    expect(await edit({ expiresAt: null, limitBytes: 100 })).toBe("limited");
    expect((await resetUser({ ctx: cliContext(), ref: id })).status).toBe("active");
    expect((await getUser({ ctx: cliContext(), ref: id })).usedBytes).toBe(0);
  });

  it("stays disabled through edits until enabled, and then is what time and volume say", async () => {
    const { id } = await makeUser();
    await disableUser({ ctx: cliContext(), ref: id });
    expect((await updateUser({ ctx: cliContext(), ref: id, input: { limitBytes: 5 } })).status).toBe(
      "disabled",
    );
    await spend(id, 10);
    expect((await enableUser({ ctx: cliContext(), ref: id })).status).toBe("limited");
  });

  it("never comes back by an edit that raced the switch-off", async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await makeUser();
      await Promise.all([
        updateUser({ ctx: cliContext(), ref: id, input: { note: "race" } }),
        disableUser({ ctx: cliContext(), ref: id }),
        updateUser({ ctx: cliContext(), ref: id, input: { note: "race 2" } }),
      ]);
      expect((await getUser({ ctx: cliContext(), ref: id })).status).toBe("disabled");
    }
  });
});

describe("rotateUser", () => {
  it("changes only the kind that was asked for", async () => {
    const user = await makeUser();
    const rotated = await rotateUser({ ctx: cliContext(), ref: user.id, only: "proxy" });
    expect(rotated.proxy.password).not.toBe(user.proxy.password);
    expect(rotated.subscriptionUrl).toBe(user.subscriptionUrl);
    const all = await rotateUser({ ctx: cliContext(), ref: user.id });
    expect(all.subscriptionUrl).not.toBe(user.subscriptionUrl);
  });

  it("is open to people for themselves", async () => {
    const user = await makeUser();
    const ctx = userContext({ id: user.id, name: user.name, role: "user" });
    expect((await rotateUser({ ctx, ref: "me", only: "proxy" })).proxy.username).toBe(user.name);
  });
});

it("keeps people from locking themselves out", async () => {
  const admin = await makeUser({ role: "admin" });
  const ctx = userContext({ id: admin.id, name: admin.name, role: "admin" });
  await expect(disableUser({ ctx, ref: "me" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  await expect(deleteUser({ ctx, ref: admin.id })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  await expect(updateUser({ ctx, ref: "me", input: { role: "owner" } })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
});
