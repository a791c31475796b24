import { randomBytes } from "node:crypto";
import { request } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import { type Bench, eventually, PANEL_URL, startBench } from "../testing/bench.ts";

let bench: Bench;
let admin: ReplicaUser;
let user: ReplicaUser;

beforeAll(async () => {
  bench = await startBench();
  admin = bench.panel.addUser("ops", { role: "admin", email: "ops@example.org" });
  user = bench.panel.addUser("eve");
  await bench.announce();
});
afterAll(() => bench.close());

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };
const FORWARDED = {
  "X-Forwarded-Method": "GET",
  "X-Forwarded-Proto": "https",
  "X-Forwarded-Host": "panel.test:8080",
  "X-Forwarded-Uri": "/dashboard/?a=b",
  "X-Forwarded-For": "192.0.2.7",
};
const BROWSER = { Accept: "text/html,application/xhtml+xml" };
const cookie = (value: string) => ({ Cookie: `a=1; __Host-causeway=${value}; b=2` });

function ask(
  headers: Record<string, string>,
  options: { path?: string; host?: string; without?: string } = {},
): Promise<Answer> {
  const all: Record<string, string> = { ...FORWARDED, ...headers };
  if (options.without) delete all[options.without];
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port: bench.proxy.ports.forwardAuth,
        path: options.path ?? "/forward-auth",
        headers: all,
        agent: false,
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

describe("sessions", () => {
  it("lets an admin in, says who it is, and returns the other cookies only", async () => {
    const answer = await ask(cookie(bench.panel.addSession(admin.id, "panel.test")));
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      "remote-user": "ops",
      "remote-name": "ops",
      "remote-email": "ops@example.org",
      "remote-groups": "admin",
      cookie: "a=1; b=2",
      "cache-control": "no-store",
    });
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expect(answer.headers.authorization).toBeUndefined();
  });

  it("refuses the role user with 403, for people as a page that says who they are", async () => {
    const session = cookie(bench.panel.addSession(user.id, "panel.test"));
    expect((await ask(session)).status).toBe(403);
    const page = await ask({ ...session, ...BROWSER });
    expect(page.status).toBe(403);
    const id = page.headers["x-request-id"];
    expect(page.body).toContain(`Request id: ${id}`);
    expect(bench.logs.some((line) => line.includes(`"requestId":"${id}"`))).toBe(true);
    expect(page.body).toContain("signed in as eve");
  });

  it("sends browsers to the login and programs a 401", async () => {
    const browser = await ask(BROWSER);
    expect(browser.status).toBe(302);
    expect(browser.headers.location).toBe(
      `${PANEL_URL}/login?next=${encodeURIComponent("https://panel.test:8080/dashboard/?a=b")}`,
    );
    const program = await ask({});
    expect(program.status).toBe(401);
    expect(program.headers["www-authenticate"]).toMatch(/^Basic /);
    expect(JSON.parse(program.body)).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
    for (const headers of [
      { "X-Forwarded-Method": "POST" },
      { "X-Requested-With": "XMLHttpRequest" },
      { Upgrade: "websocket" },
    ]) {
      expect((await ask({ ...BROWSER, ...headers } as Record<string, string>)).status).toBe(401);
    }
  });

  it("holds for its own host only", async () => {
    const session = cookie(bench.panel.addSession(admin.id, "other.test"));
    expect((await ask(session)).status).toBe(401);
    expect((await ask({ ...session, "X-Forwarded-Host": "OTHER.test.:99" })).status).toBe(200);
  });

  it("ends with the feed's word, at once", async () => {
    const value = bench.panel.addSession(admin.id, "panel.test");
    expect((await ask(cookie(value))).status).toBe(200);
    bench.panel.endSession(value);
    await bench.announce();
    await eventually(async () => (await ask(cookie(value))).status === 401, 400);
  });

  it("ends with the user's status and role, at once", async () => {
    const boss = bench.panel.addUser("boss", { role: "owner" });
    await bench.announce();
    const session = cookie(bench.panel.addSession(boss.id, "panel.test"));
    await eventually(async () => (await ask(session)).status === 200);
    bench.panel.change(boss.id, { role: "user" });
    await bench.announce();
    await eventually(async () => (await ask(session)).status === 403, 400);
    bench.panel.delete(boss.id);
    await bench.announce();
    await eventually(async () => (await ask(session)).status === 401, 400);
  });

  it("asks the panel once for a burst of one cookie", async () => {
    const value = bench.panel.addSession(admin.id, "panel.test");
    const before = bench.panel.calls.filter((call) => call.includes("/sessions/")).length;
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(cookie(value))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(bench.panel.calls.filter((call) => call.includes("/sessions/")).length).toBe(before + 1);
  });

  it("is read from Redis without the panel, and a tombstone there holds", async () => {
    const { createHash } = await import("node:crypto");
    const value = randomBytes(32).toString("base64url");
    const key = `session:${createHash("sha256").update(value).digest("hex")}`;
    await bench.redis.set(
      key,
      JSON.stringify({ userId: admin.id, host: "panel.test", expiresAt: Date.now() + 60_000 }),
    );
    expect((await ask(cookie(value))).status).toBe(200);
    const ended = bench.panel.addSession(admin.id, "panel.test");
    await bench.redis.set(`session:${createHash("sha256").update(ended).digest("hex")}`, "ended");
    expect((await ask(cookie(ended))).status).toBe(401);
  });
});

describe("a token for an upstream", () => {
  const forGrafana = { path: "/forward-auth?audience=grafana" };
  const tokenOf = (answer: Answer) => String(answer.headers["remote-jwt"] ?? "");
  const claims = (answer: Answer) =>
    JSON.parse(Buffer.from(tokenOf(answer).split(".")[1] ?? "", "base64url").toString());

  it("comes with the 2xx of a router that asks for it, and with nothing else", async () => {
    const session = cookie(bench.panel.addSession(admin.id, "panel.test"));
    // A key signs once readers of the key set know it.
    await eventually(async () => (await ask(session, forGrafana)).status === 200, 10_000);
    const answer = await ask(session, forGrafana);
    expect(claims(answer)).toMatchObject({ iss: PANEL_URL, aud: "grafana", sub: admin.id, role: "admin" });
    expect(tokenOf(await ask(session))).toBe("");
    expect(tokenOf(await ask(cookie(bench.panel.addSession(user.id, "panel.test")), forGrafana))).toBe("");
    expect(tokenOf(await ask({}, forGrafana))).toBe("");
    expect(tokenOf(await ask(BROWSER, forGrafana))).toBe("");
  }, 15_000);

  it("is for the router's upstream, whatever the client asks for or brings", async () => {
    const session = cookie(bench.panel.addSession(admin.id, "panel.test"));
    const forged = { ...session, "X-Forwarded-Uri": "/grafana/?audience=jaeger", "Remote-Jwt": "forged" };
    expect(claims(await ask(forged, forGrafana)).aud).toBe("grafana");
    expect(tokenOf(await ask(forged))).toBe("");
    for (const path of ["?audience=a&audience=b", "?audience=../x", "?audience=", "?x=1"])
      expect((await ask(session, { path: `/forward-auth${path}` })).status).toBe(400);
  });

  it("is missing while the panel does not know the key: try again, no half sign-in", async () => {
    await bench.restart();
    const session = cookie(bench.panel.addSession(admin.id, "panel.test"));
    await eventually(async () => (await ask(session)).status === 200);
    const answer = await ask({ ...session, ...BROWSER }, forGrafana);
    expect(answer.status).toBe(503);
    expect(answer.headers["retry-after"]).toBe("2");
  });
});

describe("API tokens", () => {
  it("opens by bearer and by name and token, with the scope, until revoked", async () => {
    const token = bench.panel.addToken(admin.id, ["forward-auth"]);
    const named = (name: string) => ({
      Authorization: `Basic ${Buffer.from(`${name}:${token}`).toString("base64")}`,
    });
    expect((await ask({ Authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await ask(named("ops"))).headers["remote-user"]).toBe("ops");
    expect((await ask(named("eve"))).status).toBe(401);
    const readOnly = bench.panel.addToken(admin.id, ["read", "write"]);
    expect((await ask({ Authorization: `Bearer ${readOnly}` })).status).toBe(401);
    bench.panel.revokeToken(token);
    await bench.announce();
    await eventually(async () => (await ask({ Authorization: `Bearer ${token}` })).status === 401, 400);
  });

  it("never takes the proxy password, and a wrong Authorization is not healed by a cookie", async () => {
    const session = cookie(bench.panel.addSession(admin.id, "panel.test"));
    for (const value of ["Basic b3BzOm9wcy1zZWNyZXQ=", "Bearer x", "Digest a=b", "Basic", "Basic !!!!", ""]) {
      expect((await ask({ ...session, Authorization: value })).status).toBe(value === "" ? 401 : 401);
    }
  });
});

describe("bad input", () => {
  it.each(["X-Forwarded-Method", "X-Forwarded-Proto", "X-Forwarded-Host"])(
    "answers 400 without %s",
    async (without) => {
      const session = cookie(bench.panel.addSession(admin.id, "panel.test"));
      expect((await ask(session, { without })).status).toBe(400);
    },
  );

  it("never answers 2xx or 5xx to malformed cookies, hosts, paths and methods", async () => {
    const text = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      maxLength: 60,
    });
    const id = fc.oneof(text, fc.constant(randomBytes(32).toString("base64url")));
    await fc.assert(
      fc.asyncProperty(id, text, text, text, async (value, host, uri, method) => {
        const headers = {
          Cookie: `__Host-causeway=${value}; ${host}`,
          "X-Forwarded-Host": host,
          "X-Forwarded-Uri": uri,
          "X-Forwarded-Method": method,
        };
        for (const tried of [headers, { Cookie: headers.Cookie }, { ...BROWSER, "X-Forwarded-Uri": uri }]) {
          const { status, headers: answered } = await ask(tried);
          expect([302, 400, 401]).toContain(status);
          if (status === 302)
            expect(
              String(answered.location).startsWith(`${PANEL_URL}/login?next=https%3A%2F%2Fpanel.test`),
            ).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("refuses two cookies of our name, though one is right", async () => {
    const value = bench.panel.addSession(admin.id, "panel.test");
    expect((await ask({ Cookie: `__Host-causeway=${value}; __Host-causeway=${value}` })).status).toBe(401);
  });
});

describe("beside it", () => {
  it("serves health, readiness and metrics", async () => {
    expect((await ask({}, { path: "/healthz" })).status).toBe(200);
    expect((await ask({}, { path: "/readyz" })).body).toBe('{"isReady":true}');
    expect((await ask({}, { path: "/metrics" })).body).toContain("causeway_forward_auth_decisions_total");
    expect((await ask({}, { path: "/x" })).status).toBe(404);
  });

  it("fails closed within a second while Redis and panel are away, and known sessions go on shortly", async () => {
    const known = cookie(bench.panel.addSession(admin.id, "panel.test"));
    expect((await ask(known)).status).toBe(200);
    await bench.panel.stop();
    const started = Date.now();
    expect((await ask(cookie(randomBytes(32).toString("base64url")))).status).toBe(503);
    expect(Date.now() - started).toBeLessThan(1_500);
    expect((await ask(known)).status).toBe(200);
  });
});
