import { beforeAll, describe, expect, test } from "vitest";
import { createApiClient } from "#lib/api-client.ts";
import { ApiError } from "#lib/api-error.ts";
import type { ApiFetch } from "#lib/api-transport.ts";
import { makeApi, makeVisitor, PANEL, setPassword, type Visitor } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { makeNode, makeUser } from "#test/made.ts";

const platform = preparePlatform();
let api: ReturnType<typeof makeApi>;
let admin: Visitor;
beforeAll(async () => {
  api = makeApi(platform);
  admin = await makeVisitor("admin");
  await makeNode("n1");
});

/** The client as the panel uses it, straight into the app. */
function clientOf(visitor: Visitor | null) {
  const send: ApiFetch = async (url, { method, headers, body, signal }) =>
    api.request(url.replace(PANEL, ""), {
      method,
      headers: { ...headers, origin: PANEL, ...(visitor ? { cookie: visitor.cookie } : {}) },
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    });
  return createApiClient({ baseUrl: PANEL, fetch: send });
}

describe("the client understands every answer", () => {
  test("of an operator's day", async () => {
    const client = clientOf(admin);
    const made = await client.createUser({ name: "ada", limitBytes: 1_000_000, resetPeriod: "month" });
    expect(made.vlessLinks).toHaveLength(2);
    expect((await client.listUsers({ query: "ada", limit: 10 })).items.map(({ name }) => name)).toEqual([
      "ada",
    ]);
    expect((await client.updateUser("ada", { note: "hello", limitBytes: null })).limitBytes).toBeNull();
    expect((await client.disableUser("ada")).status).toBe("disabled");
    expect((await client.enableUser("ada")).status).toBe("active");
    expect((await client.resetUser("ada")).usedBytes).toBe(0);
    const rotated = await client.rotateUser("ada", { only: "proxy" });
    expect(rotated.proxy.password).not.toBe(made.proxy.password);
    expect((await client.getUserLinks(made.id)).subscriptionUrl).toBe(made.subscriptionUrl);
    expect(
      (await client.getUsage("ada", { from: new Date(Date.now() - 60_000).toISOString() })).totalBytes,
    ).toBe(0);
    expect((await client.getUsageSeries("ada", { range: "7d" })).points).toBe(56);
    const file = await client.getUserConfig("ada", "sing-box");
    expect(file).toMatchObject({ fileName: "causeway-ada.json" });
    expect((await client.getStatus()).users.total).toBeGreaterThan(1);
    expect((await client.listNodes()).items).toHaveLength(1);
    expect((await client.getNode("n1")).inbounds).toHaveLength(2);
    const audit = await client.listAudit({ user: "ada" });
    expect(audit.items.map(({ action }) => action)).toContain("user.rotate");
    await client.deleteUser("ada");
    await expect(client.getUser("ada")).rejects.toMatchObject({ status: 404, code: "NOT_FOUND" });
  });

  test("of an invited person's first minutes", async () => {
    const url = (await clientOf(admin).inviteUser((await makeUser({ name: "bob" })).name)).url;
    const token = url.split("/").at(-1) ?? "";
    const nobody = clientOf(null);
    expect((await nobody.getInvite(token)).name).toBe("bob");
    await nobody.acceptInvite(token, { password: "long enough 1" });
    await expect(nobody.acceptInvite(token, { password: "long enough 2" })).rejects.toMatchObject({
      code: "GONE",
    });
    await nobody.login({ name: "bob", password: "long enough 1" });
    await expect(nobody.getMe()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  test("of a person's own account", async () => {
    const visitor = await makeVisitor("user");
    await setPassword(visitor.user, "first password");
    const again = await makeVisitor("user");
    const client = clientOf(again);
    expect((await client.getMe()).role).toBe("user");
    expect((await client.getUserLinks("me")).name).toBe(again.user.name);
    const { token, id } = await client.createToken({ name: "laptop", scopes: ["read"] });
    expect(token).toMatch(/^cwy_/);
    expect((await client.listTokens()).items.map((item) => item.id)).toEqual([id]);
    await client.revokeToken(id);
    expect((await client.listSessions()).items.map(({ isCurrent }) => isCurrent)).toEqual([true]);
    await client.logout();
    await expect(client.getMe()).rejects.toThrow(ApiError);
    // The invite ended the session that was open before.
    await expect(clientOf(visitor).getMe()).rejects.toMatchObject({ status: 401 });
  });

  test("and names wrong fields, a server out of reach and a foreign answer", async () => {
    await expect(clientOf(admin).createUser({ name: "NO" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      errors: [{ path: "name" }],
    });
    const away = createApiClient({ baseUrl: PANEL, fetch: async () => Promise.reject(new Error("refused")) });
    await expect(away.getMe()).rejects.toMatchObject({ status: 0, code: "UNREACHABLE" });
    const gateway = createApiClient({
      baseUrl: "",
      fetch: async () => new Response("<h1>502", { status: 502 }),
    });
    await expect(gateway.getMe()).rejects.toMatchObject({ status: 502, code: "BAD_ANSWER" });
  });
});
