import { describe, expect, it } from "vitest";
import { userSecretsSchema } from "#lib/schemas/user.ts";
import { AppError } from "#server/errors.ts";
import { createUser } from "#server/users/create-user.ts";
import { getUser } from "#server/users/get-user.ts";
import { getUserSecrets } from "#server/users/get-user-secrets.ts";
import { cliContext, preparePlatform, systemContext, userContext } from "#test/database.ts";
import { makeNode, makeUser, trailOf } from "#test/made.ts";

const platform = preparePlatform();
const input = {
  email: null,
  role: "user",
  note: "",
  limitBytes: null,
  resetPeriod: "never",
  expiresAt: null,
} as const;

describe("createUser", () => {
  it("answers the secrets and leaves its audit row and change row", async () => {
    await makeNode("first");
    let made: unknown;
    const trail = await trailOf(platform.db, async () => {
      made = await createUser({ ctx: cliContext(), input: { ...input, name: "ada", limitBytes: 10_000 } });
    });
    const user = userSecretsSchema.parse(made);
    expect(user).toMatchObject({
      name: "ada",
      status: "active",
      usedBytes: 0,
      limitBytes: 10_000,
      hasPassword: false,
    });
    expect(user.vlessLinks).toHaveLength(2);
    expect(user.subscriptionUrl).toMatch(/^https:\/\/panel\.test\/sub\/[\w-]{43}$/);
    expect(user.invite?.url).toMatch(/^https:\/\/panel\.test\/invite\/[\w-]{43}$/);
    expect(user.proxy.httpUrl).toBe(`http://ada:${user.proxy.password}@panel.test:8888`);
    expect(trail.audit).toEqual([{ action: "user.create", targetName: "ada" }]);
    expect(trail.changes).toEqual([{ kind: "user", ids: [user.id] }]);
  });

  it("keeps no secret readable in the database", async () => {
    const user = await makeUser({ name: "grace" });
    const rows = await platform.db.credential.findMany({ where: { userId: user.id } });
    const stored = rows.map((row) => Buffer.from(row.sealed).toString("latin1")).join();
    expect(stored).not.toContain(user.proxy.password);
    expect(stored).not.toContain(user.subscriptionUrl.slice(-43));
  });

  it("refuses a taken name and changes nothing", async () => {
    await makeUser({ name: "taken" });
    const trail = await trailOf(platform.db, () =>
      expect(makeUser({ name: "taken" })).rejects.toMatchObject({ code: "CONFLICT" }),
    );
    expect(trail.changes).toEqual([]);
  });

  it("refuses users, and owners made by admins", async () => {
    const make = (ctx: Parameters<typeof createUser>[0]["ctx"], role: "owner" | "admin") =>
      createUser({ ctx, input: { ...input, name: "x1", role } });
    await expect(make(userContext({ role: "user" }), "admin")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(make(userContext({ role: "admin" }), "owner")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(make(cliContext(), "owner")).rejects.toBeInstanceOf(AppError);
  });

  it("says over Redis up to which revision there is news", async () => {
    const subscriber = platform.redis.duplicate();
    await new Promise((resolve) => subscriber.once("ready", resolve));
    const said: string[] = [];
    subscriber.on("message", (_channel, text) => said.push(text));
    await subscriber.subscribe("changes");
    const { revision } = await trailOf(platform.db, () => makeUser());
    await expect.poll(() => said).toContain(String(revision));
    subscriber.disconnect();
  });
});

describe("reading a user", () => {
  it("shows people their own account and nobody else's", async () => {
    const [ada, eve] = [await makeUser(), await makeUser()];
    const asAda = userContext({ id: ada.id, name: ada.name, role: "user" });
    expect(await getUser({ ctx: asAda, ref: "me" })).toMatchObject({ id: ada.id });
    expect(await getUserSecrets({ ctx: asAda, ref: ada.name })).toMatchObject({ proxy: ada.proxy });
    for (const ref of [eve.id, eve.name, "nobody"])
      await expect(getUser({ ctx: asAda, ref })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(getUser({ ctx: cliContext(), ref: "nobody" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("leaves an audit row when somebody reads another's secrets, and keeps an owner's from admins", async () => {
    const ada = await makeUser();
    const { audit } = await trailOf(platform.db, () => getUserSecrets({ ctx: cliContext(), ref: ada.name }));
    expect(audit).toEqual([{ action: "user.read-secrets", targetName: ada.name }]);
    const owner = await createUser({
      ctx: systemContext(),
      input: { ...input, name: "boss", role: "owner" },
    });
    await expect(getUserSecrets({ ctx: cliContext(), ref: owner.id })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });
});
