import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReplicaAccess, ReplicaUser } from "#lib/schemas/internal.ts";
import { type Bench, eventually, PANEL_URL, startBench } from "../testing/bench.ts";

let bench: Bench;
let staff: ReplicaUser;
let other: ReplicaUser;
let admin: ReplicaUser;

type RuleParts = Partial<ReplicaAccess["rules"][number]>;
const rule = (
  host: string,
  path: string,
  policy: ReplicaAccess["rules"][number]["policy"],
  parts: RuleParts = {},
) => ({
  host,
  path,
  policy,
  roles: [],
  groups: [],
  ...parts,
});

beforeAll(async () => {
  bench = await startBench();
  const group = bench.panel.putGroup("staff");
  staff = bench.panel.addUser("sam", { groups: [group.id] });
  other = bench.panel.addUser("eve");
  admin = bench.panel.addUser("ops", { role: "admin" });
  bench.panel.setRules([
    rule("wiki.test", "/health", "public"),
    rule("wiki.test", "/*", "groups", { groups: [group.id] }),
    rule("*", "/open/*", "public"),
    rule("*", "/*", "roles", { roles: ["owner", "admin"] }),
  ]);
  await bench.announce();
  await eventually(async () => (await ask("https://wiki.test/health")).status === 200, 1_000);
});
afterAll(() => bench.close());

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

function ask(address: string, headers: Record<string, string> = {}): Promise<Answer> {
  const url = new URL(address);
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port: bench.proxy.ports.forwardAuth,
        path: "/forward-auth",
        agent: false,
        headers: {
          "X-Forwarded-Method": "GET",
          "X-Forwarded-Proto": url.protocol.slice(0, -1),
          "X-Forwarded-Host": url.host,
          "X-Forwarded-Uri": `${url.pathname}${url.search}`,
          "X-Forwarded-For": "192.0.2.7",
          ...headers,
        },
      },
      (response) => {
        let body = "";
        response.on("data", (chunk) => {
          body += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    call.on("error", reject);
    call.end();
  });
}

const BROWSER = { Accept: "text/html" };
const signedIn = (user: ReplicaUser, host: string) => ({
  Cookie: `x=1; __Host-causeway=${bench.panel.addSession(user.id, host)}`,
});
const secret = () => randomBytes(32).toString("base64url");

describe("sites behind ForwardAuth", () => {
  it("open to whom a rule lets in, and say who it is and their groups", async () => {
    const answer = await ask("https://wiki.test/page", signedIn(staff, "wiki.test"));
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      "remote-user": "sam",
      "remote-groups": "user,staff",
      cookie: "x=1",
    });
    expect((await ask("https://wiki.test/page", signedIn(other, "wiki.test"))).status).toBe(403);
    expect((await ask("https://wiki.test/page", signedIn(admin, "wiki.test"))).status).toBe(403);
    expect((await ask("https://elsewhere.test/", signedIn(admin, "elsewhere.test"))).status).toBe(200);
    expect((await ask("https://elsewhere.test/", signedIn(staff, "elsewhere.test"))).status).toBe(403);
  });

  it("are open to anybody where a rule says so, with the site's own sign-in and without ours", async () => {
    const session = bench.panel.addSession(staff.id, "wiki.test");
    const answer = await ask("https://wiki.test/health", {
      Authorization: "Bearer the-sites-own",
      Cookie: `a=b; __Host-causeway=${session}; __Host-causeway-signin=${secret()}`,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ authorization: "Bearer the-sites-own", cookie: "a=b" });
    expect(answer.headers["remote-user"]).toBeUndefined();
    const token = bench.panel.addToken(staff.id, ["forward-auth"]);
    for (const authorization of [`Bearer ${token}`, `Basic ${btoa(`sam:${token}`)}`]) {
      const own = await ask("https://wiki.test/health", { Authorization: authorization });
      expect(own.headers.authorization).toBeUndefined();
    }
  });

  it("follow a rule that was changed, and a group that was left, at once", async () => {
    const visitor = bench.panel.addUser("kim", { groups: staff.groups });
    await bench.announce();
    const headers = signedIn(visitor, "wiki.test");
    await eventually(async () => (await ask("https://wiki.test/", headers)).status === 200, 1_000);
    bench.panel.change(visitor.id, { groups: [] });
    await bench.announce();
    await eventually(async () => (await ask("https://wiki.test/", headers)).status === 403, 500);
    const before = bench.panel.access?.rules ?? [];
    bench.panel.setRules([rule("wiki.test", "/*", "any_user"), ...before]);
    await bench.announce();
    await eventually(async () => (await ask("https://wiki.test/", headers)).status === 200, 500);
    bench.panel.setRules(before);
    await bench.announce();
    await eventually(async () => (await ask("https://wiki.test/", headers)).status === 403, 500);
  });

  it("never open the panel's own host by a rule: operators' tools stand there", async () => {
    expect((await ask("https://panel.test:8080/open/x")).status).toBe(401);
    expect((await ask("https://panel.test:8080/open/x", signedIn(staff, "panel.test"))).status).toBe(403);
    expect((await ask("https://panel.test:8080/open/x", signedIn(admin, "panel.test"))).status).toBe(200);
  });

  it("keep their rules over a restart without the panel", async () => {
    await bench.restart();
    await bench.panel.stop();
    await bench.restart();
    expect((await ask("https://wiki.test/health")).status).toBe(200);
    expect((await ask("https://wiki.test/page")).status).toBe(401);
    await bench.panel.start(bench.panel.port);
  });
});

describe("signing in to a site", () => {
  it("goes by the panel and comes back to the page, with a cookie of that host", async () => {
    const page = "https://wiki.test/page?a=b";
    const first = await ask(page, BROWSER);
    expect(first.status).toBe(302);
    const login = new URL(String(first.headers.location));
    expect(login.origin + login.pathname).toBe(`${PANEL_URL}/login`);
    const [set = ""] = [first.headers["set-cookie"]].flat();
    expect(set).toMatch(
      /^__Host-causeway-signin=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const nonce = /=([\w-]{43});/.exec(set)?.[1] ?? "";
    const state = login.searchParams.get("state") ?? "";
    expect(state).toBe(createHash("sha256").update(nonce).digest("base64url"));
    expect(login.searchParams.get("next")).toBe(page);

    const Cookie = `__Host-causeway-signin=${nonce}`;
    const second = await ask("https://wiki.test/other", { ...BROWSER, Cookie });
    expect(new URL(String(second.headers.location)).searchParams.get("state")).toBe(state);

    const [code, sessionId] = [secret(), secret()];
    const base = { host: "wiki.test", state, ip: "", userAgent: "" };
    bench.panel.handoffs.set(code, { ...base, code, sessionId, url: page, userId: staff.id });
    const back = await ask(`https://wiki.test/.causeway/callback?code=${code}`, { ...BROWSER, Cookie });
    expect(back.status).toBe(302);
    expect(back.headers.location).toBe(page);
    expect(back.headers["referrer-policy"]).toBe("no-referrer");
    expect(back.headers["set-cookie"]).toEqual([
      `__Host-causeway=${sessionId}; Path=/; HttpOnly; Secure; SameSite=Lax`,
      "__Host-causeway-signin=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax",
    ]);
    expect((await ask(page, { Cookie: `__Host-causeway=${sessionId}` })).status).toBe(200);
    const again = await ask(`https://wiki.test/.causeway/callback?code=${code}`, { ...BROWSER, Cookie });
    expect(again.status).toBe(400);
    expect(again.headers["set-cookie"]).toBeUndefined();
  });

  it("does not finish in another browser, on another host or with somebody's link", async () => {
    const nonce = secret();
    const state = createHash("sha256").update(nonce).digest("base64url");
    const Cookie = `__Host-causeway-signin=${nonce}`;
    const start = () => {
      const code = secret();
      const base = { host: "wiki.test", state, ip: "", userAgent: "" };
      bench.panel.handoffs.set(code, {
        ...base,
        code,
        sessionId: secret(),
        url: "https://wiki.test/",
        userId: staff.id,
      });
      return `wiki.test/.causeway/callback?code=${code}`;
    };
    const attempts: [string, Record<string, string>][] = [
      [`https://${start()}`, {}],
      [`https://${start()}`, { Cookie: `__Host-causeway-signin=${secret()}` }],
      [`https://${start()}`, { Cookie: `${Cookie}; ${Cookie}` }],
      [`http://${start()}`, { Cookie }],
      [`https://${start().replace("wiki", "evil")}`, { Cookie }],
      ["https://wiki.test/.causeway/callback", { Cookie }],
      ["https://wiki.test/.causeway/callback?code=x", { Cookie }],
      [`https://${start().replace("callback", "other")}`, { Cookie }],
    ];
    for (const [address, headers] of attempts) {
      const answer = await ask(address, headers);
      expect(answer.status, address).toBe(400);
      expect(answer.headers["set-cookie"], address).toBeUndefined();
    }
  });

  it("is not offered where no rule names the site, and needs https", async () => {
    const nowhere = await ask("https://elsewhere.test/", BROWSER);
    expect(nowhere.status).toBe(403);
    expect(nowhere.body).toContain("No access rule names elsewhere.test");
    const plain = await ask("http://wiki.test/page", BROWSER);
    expect(plain.status).toBe(302);
    expect(plain.headers.location).toBe("https://wiki.test/page");
    expect(plain.headers["set-cookie"]).toBeUndefined();
  });

  it("says so while the panel is away", async () => {
    await bench.panel.stop();
    const answer = await ask(`https://wiki.test/.causeway/callback?code=${secret()}`, {
      ...BROWSER,
      Cookie: `__Host-causeway-signin=${secret()}`,
    });
    expect(answer.status).toBe(503);
    await bench.panel.start(bench.panel.port);
  });
});
