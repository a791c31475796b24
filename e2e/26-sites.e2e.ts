import { rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Agent, fetch, type Response } from "undici";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { randomName } from "./origin.ts";
import { addPerson, api, eventually, heldWithin, request, signIn, stackFile } from "./product.ts";

/** A site that an operator put behind the same Traefik, on a host of its own, as README says. */
let site: Server;
let sitePort = 0;
const rulesFile = () => join(inject("stack").dataDir, "traefik", "dynamic", "wiki.yml");
const wiki = (path: string) => new URL(path, `https://wiki.test:${stackFile().ports.https}`).href;
const browser = { accept: "text/html,application/xhtml+xml" };
const agent = new Agent({
  connect: {
    rejectUnauthorized: false,
    lookup: (_host, _options, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]),
  },
});
const visit = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { redirect: "manual", dispatcher: agent, headers });

type Rules = { host: string; path?: string; policy: string; roles?: string[]; groups?: string[] }[];
async function putRules(rules: Rules): Promise<void> {
  const { version } = (await (await api("/access/rules")).json()) as { version: number };
  const response = await api("/access/rules", { method: "POST", body: { version, rules } });
  if (response.status !== 200) throw new Error(await response.text());
}
const INSTALLED = { host: "*", policy: "roles", roles: ["owner", "admin"] };

beforeAll(async () => {
  site = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => site.once("listening", resolve));
  sitePort = (site.address() as AddressInfo).port;
  writeFileSync(
    rulesFile(),
    `http:
  routers:
    wiki: {rule: "Host(\`wiki.test\`)", entryPoints: [websecure], middlewares: [forward-auth], service: wiki, tls: {}}
  services:
    wiki: {loadBalancer: {servers: [{url: "http://127.0.0.1:${sitePort}"}]}}
`,
  );
  await eventually("Traefik to read the file", async () => (await visit(wiki("/"))).status === 401);
});

afterAll(async () => {
  rmSync(rulesFile(), { force: true });
  await putRules([INSTALLED]);
  site.close();
  await agent.close();
});

/** Through the panel's sign-in and back, as a browser goes. Answers the site's cookie. */
async function enter(path: string, panelCookie: string): Promise<string> {
  const { panelUrl } = stackFile();
  const first = await visit(wiki(path), browser);
  expect(first.status).toBe(302);
  const nonce = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  let location = first.headers.get("location") ?? "";
  expect(location.startsWith(`${panelUrl}/login?`)).toBe(true);
  for (let hops = 0; hops < 4 && location.startsWith(panelUrl); hops++) {
    const hop = await request(location, { headers: { ...browser, cookie: panelCookie } });
    expect(hop.headers.getSetCookie()).toEqual([]);
    location = new URL(hop.headers.get("location") ?? "", panelUrl).href;
  }
  expect(location).toContain(wiki("/.causeway/callback?code="));
  const back = await visit(location, { ...browser, cookie: nonce });
  expect(back.status).toBe(302);
  expect(back.headers.get("location")).toBe(wiki(path));
  const again = await visit(location, { ...browser, cookie: nonce });
  expect(again.status).toBe(400);
  return (
    back.headers
      .getSetCookie()
      .find((line) => line.startsWith("__Host-causeway="))
      ?.split(";")[0] ?? ""
  );
}

describe("a site on another host", () => {
  it("opens to whom a rule names, after one sign-in at the panel, and learns who it is", async () => {
    const person = await addPerson();
    const other = await addPerson();
    const group = randomName("readers");
    expect((await api("/groups", { method: "POST", body: { name: group } })).status).toBe(201);
    const add = { add: [person.user.name] };
    expect((await api(`/groups/${group}/members`, { method: "POST", body: add })).status).toBe(200);
    await putRules([{ host: "wiki.test", policy: "groups", groups: [group] }, INSTALLED]);
    await eventually("the rule to hold", async () => (await visit(wiki("/"), browser)).status === 302);

    const cookie = await enter("/page?a=b", person.cookie);
    const page = await visit(wiki("/page?a=b"), { ...browser, cookie: `${cookie}; theirs=1` });
    expect(page.status).toBe(200);
    const { headers } = (await page.json()) as { headers: Record<string, string> };
    expect(headers).toMatchObject({
      "remote-user": person.user.name,
      "remote-groups": `user,${group}`,
      cookie: "theirs=1",
    });
    const panel = await request(`${stackFile().apiUrl}/me`, { headers: { cookie } });
    expect(panel.status).toBe(401);

    const foreign = await enter("/", other.cookie);
    const refused = await visit(wiki("/"), { ...browser, cookie: foreign });
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain(`signed in as ${other.user.name}`);
  });

  it("is closed again when the panel's session ends, within 200 ms", async () => {
    await putRules([{ host: "wiki.test", policy: "any_user" }, INSTALLED]);
    const person = await addPerson();
    const cookie = await enter("/", person.cookie);
    expect((await visit(wiki("/"), { ...browser, cookie })).status).toBe(200);
    const out = await request(`${stackFile().apiUrl}/session`, {
      method: "DELETE",
      headers: {
        cookie: person.cookie,
        origin: new URL(stackFile().panelUrl).origin,
        "content-type": "application/json",
      },
    });
    expect(out.status).toBe(204);
    await heldWithin(
      "the site is closed",
      process.env.CI ? 1_000 : 200,
      async () => (await visit(wiki("/"), { ...browser, cookie })).status === 302,
    );
  });

  it("is open to anybody where a rule says so, and follows a change in under a second", async () => {
    await putRules([
      { host: "wiki.test", path: "/health", policy: "public" },
      { host: "wiki.test", policy: "deny" },
    ]);
    await heldWithin("the rule", 1_000, async () => (await visit(wiki("/health"))).status === 200);
    for (const path of ["/health/x", "/healthz", "/x/../healthz", "/"])
      expect((await visit(wiki(path))).status, path).toBe(401);
    const { owner } = inject("stack").ready;
    const cookie = await signIn(owner.name, owner.password ?? "");
    expect((await visit(wiki("/health"), { "remote-user": "owner", cookie })).status).toBe(200);
    const answer = (await (await visit(wiki("/health"), { "remote-user": "owner" })).json()) as {
      headers: Record<string, string>;
    };
    expect(answer.headers["remote-user"]).toBeUndefined();
  });

  it("tells the tester's truth", async () => {
    await putRules([
      { host: "wiki.test", path: "/open/*", policy: "public" },
      { host: "wiki.test", policy: "any_user" },
    ]);
    const person = await addPerson();
    await eventually("the rules to hold", async () => (await visit(wiki("/open/x"))).status === 200);
    const cookie = await enter("/", person.cookie);
    const cases: [string, string | null, Record<string, string>, number][] = [
      ["/open/x", null, {}, 200],
      ["/other", null, browser, 302],
      ["/other", person.user.name, { ...browser, cookie }, 200],
    ];
    for (const [path, user, headers, status] of cases) {
      const test = await api("/access/test", { method: "POST", body: { url: wiki(path), user } });
      const { outcome } = (await test.json()) as { outcome: "allow" | "sign_in" | "deny" };
      expect((await visit(wiki(path), headers)).status).toBe(status);
      expect({ allow: 200, sign_in: 302, deny: 403 }[outcome]).toBe(status);
    }
  });
});
