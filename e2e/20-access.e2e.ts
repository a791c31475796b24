import { beforeAll, describe, expect, inject, it } from "vitest";
import { addPerson, api, eventually, request, signIn, stackFile } from "./product.ts";

type Person = Awaited<ReturnType<typeof addPerson>>;
const dashboard = (path = "/dashboard/") => `https://127.0.0.1:${stackFile().ports.dashboard}${path}`;
const browser = { accept: "text/html,application/xhtml+xml" };

describe("dashboards, operators' pages and routes", () => {
  let person: Person;
  let other: Person;
  let ownerCookie: string;

  beforeAll(async () => {
    const { owner } = inject("stack").ready;
    [person, other] = await Promise.all([addPerson(), addPerson()]);
    ownerCookie = await signIn(owner.name, owner.password ?? "");
  });

  it("sends a browser without a session to the login, and answers 401 to a program", async () => {
    const page = await request(dashboard(), { headers: browser });
    expect(page.status).toBe(302);
    expect(page.headers.get("location")).toMatch(new RegExp(`^${stackFile().panelUrl}/login\\?next=`));
    expect(
      (await request(dashboard("/api/rawdata"), { headers: { accept: "application/json" } })).status,
    ).toBe(401);
    expect((await request(`${stackFile().apiUrl}/users`)).status).toBe(401);
    const panel = await request(`${stackFile().panelUrl}/users`, { headers: browser });
    expect([302, 303, 307]).toContain(panel.status);
    expect(panel.headers.get("location")).toMatch(/\/login/);
  });

  it("answers 403 to a user and 200 to an operator", async () => {
    const asUser = { ...browser, cookie: person.cookie };
    const asOwner = { ...browser, cookie: ownerCookie };
    expect((await request(dashboard(), { headers: asUser })).status).toBe(403);
    expect((await request(dashboard(), { headers: asOwner })).status).toBe(200);
    expect((await request(dashboard("/api/rawdata"), { headers: asOwner })).status).toBe(200);
    expect(
      (await request(`${stackFile().apiUrl}/users`, { headers: { cookie: person.cookie } })).status,
    ).toBe(403);
    expect((await request(`${stackFile().apiUrl}/users`, { headers: { cookie: ownerCookie } })).status).toBe(
      200,
    );
    const page = await request(`${stackFile().panelUrl}/users`, { headers: asUser });
    expect(page.status).toBe(403);
  });

  it("shows a person's own pages to them alone", async () => {
    const { apiUrl } = stackFile();
    const own = await request(`${apiUrl}/users/me/links`, { headers: { cookie: person.cookie } });
    expect(own.status).toBe(200);
    expect(await own.json()).toMatchObject({ name: person.user.name });
    const foreign = await request(`${apiUrl}/users/${other.user.name}/links`, {
      headers: { cookie: person.cookie },
    });
    expect([403, 404]).toContain(foreign.status);
    for (const path of ["/connect", "/usage", "/proxies", "/security"]) {
      const page = await request(`${stackFile().panelUrl}${path}`, {
        headers: { ...browser, cookie: person.cookie },
      });
      expect(page.status, path).toBe(200);
    }
  });

  it("is not changed by forged identity or forwarding headers", async () => {
    const forged = {
      ...browser,
      "remote-user": "owner",
      "remote-groups": "owner",
      "x-forwarded-user": "owner",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "127.0.0.1:9002",
      "x-forwarded-uri": "/login",
      "x-original-url": "/login",
    };
    expect((await request(dashboard(), { headers: forged })).status).toBe(302);
    expect((await request(dashboard(), { headers: { ...forged, cookie: person.cookie } })).status).toBe(403);
    expect((await request(`${stackFile().apiUrl}/users`, { headers: forged })).status).toBe(401);
  });

  it("does not route /internal or /metrics of any program from outside", async () => {
    for (const path of ["/internal/replica", "/metrics", "/internal/users/by-name/owner"]) {
      const response = await request(`${stackFile().panelUrl}${path}`, { headers: { cookie: ownerCookie } });
      expect(response.status, path).toBe(404);
    }
  });

  it("refuses an unsafe request with a cookie from another origin or without JSON", async () => {
    const { apiUrl, panelUrl } = stackFile();
    const attempt = (headers: Record<string, string>) =>
      request(`${apiUrl}/users`, {
        method: "POST",
        headers: { cookie: ownerCookie, ...headers },
        body: '{"name":"csrf"}',
      });
    expect(
      (await attempt({ origin: "https://evil.example", "content-type": "application/json" })).status,
    ).toBe(403);
    expect((await attempt({ "content-type": "application/json" })).status).toBe(403);
    expect((await attempt({ origin: new URL(panelUrl).origin, "content-type": "text/plain" })).status).toBe(
      415,
    );
  });

  it("ends a session everywhere at logout", async () => {
    const cookie = await signIn(person.user.name, person.password);
    const { apiUrl, panelUrl } = stackFile();
    expect((await request(dashboard(), { headers: { ...browser, cookie } })).status).toBe(403);
    const out = await request(`${apiUrl}/session`, {
      method: "DELETE",
      headers: { cookie, origin: new URL(panelUrl).origin, "content-type": "application/json" },
    });
    expect(out.status).toBeLessThan(300);
    await eventually(
      "the dashboard to forget the session",
      async () => (await request(dashboard(), { headers: { ...browser, cookie } })).status === 302,
    );
    expect((await request(`${apiUrl}/me`, { headers: { cookie } })).status).toBe(401);
  });

  it("refuses Basic on the API and a token without the scope", async () => {
    const { apiUrl } = stackFile();
    const basic = Buffer.from(`${person.user.name}:${person.password}`).toString("base64");
    expect((await request(`${apiUrl}/me`, { headers: { authorization: `Basic ${basic}` } })).status).toBe(
      401,
    );
    const made = await request(`${apiUrl}/tokens`, {
      method: "POST",
      headers: {
        cookie: ownerCookie,
        origin: new URL(stackFile().panelUrl).origin,
        "content-type": "application/json",
      },
      body: JSON.stringify({ name: "gate", scopes: ["forward-auth"] }),
    });
    expect(made.status).toBeLessThan(300);
    const { token } = (await made.json()) as { token: string };
    expect((await api("/users", { token })).status).toBe(403);
    const gate = Buffer.from(`${inject("stack").ready.owner.name}:${token}`).toString("base64");
    const viaBasic = await request(dashboard("/api/rawdata"), {
      headers: { authorization: `Basic ${gate}` },
    });
    expect(viaBasic.status).toBe(200);
  });
});
