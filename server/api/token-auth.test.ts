import { beforeAll, describe, expect, test } from "vitest";
import { makeApi, makeCliToken, makeVisitor, type Visitor, write } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { makeUser } from "#test/made.ts";

const platform = preparePlatform();
let api: ReturnType<typeof makeApi>;
let admin: Visitor;
beforeAll(async () => {
  api = makeApi(platform);
  admin = await makeVisitor("admin");
});

async function makeToken(scopes: string[], visitor = admin): Promise<{ id: string; token: string }> {
  const body = { name: "test", scopes };
  const response = await api.request("/api/v1/tokens", write("POST", visitor.cookie, body));
  expect(response.status).toBe(201);
  return response.json();
}
const bearer = (token: string, method = "GET", body?: unknown): RequestInit => ({
  method,
  headers: { authorization: `Bearer ${token}` },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

describe("a bearer token", () => {
  test("with write needs neither Origin nor a content type", async () => {
    const { token } = await makeToken(["write"]);
    const response = await api.request("/api/v1/users", bearer(token, "POST", { name: "by-token" }));
    expect(response.status).toBe(201);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("with read may only GET; with forward-auth nothing of the API", async () => {
    const user = await makeUser();
    const [read, forward] = [await makeToken(["read"]), await makeToken(["forward-auth"])];
    expect((await api.request("/api/v1/users", bearer(read.token))).status).toBe(200);
    expect((await api.request(`/api/v1/users/${user.name}/disable`, bearer(read.token, "POST"))).status).toBe(
      403,
    );
    expect((await api.request("/api/v1/users", bearer(forward.token))).status).toBe(403);
    expect((await api.request("/api/v1/me", bearer(forward.token))).status).toBe(403);
  });

  test("with read sees no secrets, not even its own", async () => {
    const user = await makeUser();
    const [read, full] = [await makeToken(["read"]), await makeToken(["write"])];
    for (const path of [`/users/${user.name}/links`, `/users/${user.name}/config`, "/users/me/links"]) {
      expect((await api.request(`/api/v1${path}`, bearer(read.token))).status, path).toBe(403);
      expect((await api.request(`/api/v1${path}`, bearer(full.token))).status, path).toBe(200);
    }
  });

  test("is refused after it is revoked, and when its user is switched off", async () => {
    const person = await makeVisitor("user");
    const [one, two] = [await makeToken(["read"], person), await makeToken(["read"], person)];
    expect((await api.request("/api/v1/me", bearer(one.token))).status).toBe(200);
    expect((await api.request(`/api/v1/tokens/${one.id}`, write("DELETE", person.cookie))).status).toBe(204);
    expect((await api.request("/api/v1/me", bearer(one.token))).status).toBe(401);
    await api.request(`/api/v1/users/${person.user.name}/disable`, write("POST", admin.cookie));
    expect((await api.request("/api/v1/me", bearer(two.token))).status).toBe(401);
  });

  test("that is unknown is not helped by a good cookie; Basic is never taken", async () => {
    for (const authorization of [`Bearer cwy_${"A".repeat(43)}`, "Basic YWRhOnNlY3JldA==", "Bearer x"]) {
      const response = await api.request("/api/v1/me", { headers: { authorization, cookie: admin.cookie } });
      expect(response.status).toBe(401);
    }
  });

  test("of the local CLI is an admin without an account of its own", async () => {
    const token = await makeCliToken();
    expect((await api.request("/api/v1/users", bearer(token))).status).toBe(200);
    expect((await api.request("/api/v1/me", bearer(token))).status).toBe(403);
    expect((await api.request("/api/v1/users/me", bearer(token))).status).toBe(404);
    const owner = await makeUser({ role: "owner" });
    expect((await api.request(`/api/v1/users/${owner.name}`, bearer(token, "DELETE"))).status).toBe(403);
  });
});
