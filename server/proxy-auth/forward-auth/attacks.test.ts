import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import { openRedirects } from "#test/open-redirects.ts";
import { askRaw } from "../testing/ask-forward-auth.ts";
import { type Bench, eventually, PANEL_URL, startBench } from "../testing/bench.ts";

/** The groups of attacks on what is asked about: docs/forward-auth-attacks.md lists them. */
let bench: Bench;
let user: ReplicaUser;
let cookie: string;

beforeAll(async () => {
  bench = await startBench();
  user = bench.panel.addUser("eve");
  const rule = (path: string, policy: "public" | "deny" | "any_user", host = "site.test") => ({
    ...{ host, path, policy, roles: [], groups: [] },
  });
  bench.panel.setRules([
    rule("/open/*", "public"),
    rule("/secret/*", "deny"),
    rule("/*", "any_user"),
    rule("/*", "deny", "closed.test"),
  ]);
  cookie = `Cookie: __Host-causeway=${bench.panel.addSession(user.id, "site.test")}`;
  await bench.announce();
  await eventually(async () => (await ask([cookie])).status === 200, 2_000);
});
afterAll(() => bench.close());

const ask = (lines: readonly string[]) => askRaw(bench.proxy.ports.forwardAuth, lines);
const browser = "Accept: text/html,application/xhtml+xml";
const refused = [400, 401, 403];

describe("paths", () => {
  it.each([
    ...["/secret/x", "//secret/x", "/./secret/x", "/x/../secret/x", "/open/../secret/x", "/secret;a=b/x"],
    ...["/open/..%2fsecret/x", "/open/%2e%2e/secret/x", "/open/..%5csecret/x", "/%73ecret/x", "/SECRET/x"],
    ...["/open/%252e%252e/secret/x", "/secret%00/x", "/secret%3b/x", "/open/%c0%ae%c0%ae/secret/x"],
    ...["/secret%23/../open", "/secret%3f/../open", "/secret#/../open", "/open/%00/%2e%2e/%2e%2e/secret"],
    ...[
      "/secret?x=\xe9",
      "/secret/x?\xff\xfe",
      "/secret/\xe9",
      "/secret?a b",
      "secret",
      "*",
      "",
      "/secret x",
    ],
    ...["https://site.test/secret", "//site.test/secret", "\\secret", "/\\secret", "/secret?%zz"],
  ])("%s is refused with a session and without", async (uri) => {
    const line = `X-Forwarded-Uri: ${uri}`;
    expect(refused).toContain((await ask([line])).status);
    expect([400, 403]).toContain((await ask([line, cookie])).status);
  });

  it("stay open where they are, with any query", async () => {
    for (const uri of ["/open/x?\xe9", "/open/?../secret", "/open/a%20b?x=%00"])
      expect((await ask([`X-Forwarded-Uri: ${uri}`])).status, uri).toBe(200);
    const answer = await ask([browser, "X-Forwarded-Uri: /page?q=\xe9\xff b"]);
    expect(answer.headers.get("location")?.[0]).toContain(
      encodeURIComponent("https://site.test/page?q=%E9%FF%20b"),
    );
  });

  it("are not taken for another when they are missing, doubled, too long or pushed out by other headers", async () => {
    const secret = "X-Forwarded-Uri: /secret/x";
    expect((await ask(["X-Forwarded-Uri:-", cookie])).status).toBe(400);
    expect((await ask([secret, "X-Forwarded-Uri: /open/x", cookie])).status).toBe(400);
    expect((await ask([`X-Forwarded-Uri: /open/${"x".repeat(9_000)}`])).status).toBe(400);
    // Sorted as Traefik sends them, so that a server with a limit would lose what comes last.
    for (const count of [990, 993, 995, 996, 1_200, 2_400]) {
      const filler = Array.from({ length: count }, (_, i) => `A-${i}: ${i}`);
      expect([400, 403]).toContain((await ask([...filler, cookie, secret])).status);
    }
  });
});

describe("headers that a client brings", () => {
  it.each([
    ...[
      "X-Original-URL: /open/x",
      "X-Rewrite-URL: /open/x",
      "X-Original-Uri: /open/x",
      "X-Original-Method: GET",
    ],
    ...[
      "X-Forwarded-Prefix: /open",
      "X-Forwarded-Path: /open/x",
      "X-Forwarded-Port: 80",
      "X-Forwarded-Server: x",
    ],
    ...[
      "Forwarded: for=127.0.0.1;host=closed.test;proto=http",
      "X-Real-Ip: 127.0.0.1",
      "X-Host: closed.test",
    ],
    ...["X_Forwarded_Uri: /open/x", "X.Forwarded.Uri: /open/x", "X_Forwarded_Host: closed.test"],
    ...["X-HTTP-Method-Override: OPTIONS", "User-Agent: kube-probe/1.30", "User-Agent: GoogleHC/1.0"],
    ...["Referer: https://panel.test/login", "Origin: https://panel.test", "X-Forwarded-User: owner"],
    ...["Remote-User: owner", "Remote_User: owner", "X-Webauth-User: owner", "X-Jwt-Assertion: a.b.c"],
    "Connection: X-Forwarded-Host, X-Forwarded-Uri, Remote-User, Cookie, close",
  ])("%s changes no verdict and no name", async (line) => {
    const closed = "X-Forwarded-Uri: /secret/x";
    expect((await ask([line])).status).toBe(401);
    expect((await ask([line, closed])).status).toBe(401);
    expect((await ask([line, closed, cookie])).status).toBe(403);
    const answer = await ask([line, cookie]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("remote-user")).toEqual(["eve"]);
    const open = await ask([line, "X-Forwarded-Uri: /open/x"]);
    expect(open.status).toBe(200);
    expect([...open.headers.keys()].filter((name) => name.startsWith("remote-"))).toEqual([]);
  });

  it.each([
    ["Uri", "/", "/open/x"],
    ["Method", "GET", "OPTIONS"],
    ["Proto", "https", "http"],
    ["Host", "site.test", "closed.test"],
  ])("a second X-Forwarded-%s is refused", async (name, usual, value) => {
    const lines = [`X-Forwarded-${name}: ${usual}`, `X-Forwarded-${name}: ${value}`, cookie];
    expect((await ask(lines)).status).toBe(400);
    expect((await ask([`X-Forwarded-${name}: ${usual}, ${value}`, cookie])).status).toBe(400);
  });

  it("are believed from a trusted proxy only", async () => {
    const strict = await startBench({ trusted: ["192.0.2.1"] });
    const session = `Cookie: __Host-causeway=${strict.panel.addSession(randomBytes(8).toString("hex"), "site.test")}`;
    const port = strict.proxy.ports.forwardAuth;
    expect((await askRaw(port, [session])).status).toBe(403);
    expect((await askRaw(port, [session, "X-Forwarded-For: 192.0.2.1"])).status).toBe(403);
    await strict.close();
  });
});

describe("hosts", () => {
  it.each(["SITE.test", "site.test.", "site.test:8443", "Site.Test.:1"])(
    "%s is the same site",
    async (host) => {
      expect((await ask([`X-Forwarded-Host: ${host}`, cookie])).status).toBe(200);
      expect((await ask([`X-Forwarded-Host: ${host}`, cookie, "X-Forwarded-Uri: /secret/x"])).status).toBe(
        403,
      );
    },
  );

  it.each([
    ...[
      "",
      " ",
      ".",
      "site.test..",
      ".site.test",
      "site.test:",
      "site.test:0",
      "site.test:99999",
      "site.test:8a",
    ],
    ...[
      "site.test,closed.test",
      "site.test@closed.test",
      "closed.test/site.test",
      "site.test#x",
      "site.test?x",
    ],
    ...["site.test\\x", "site.test%2e", "site.test%00", "s\xefte.test", "[::1", "::1", "[::1%25lo]", "127.1"],
    ...["0x7f.1", "2130706433", "a".repeat(300), `${"a".repeat(64)}.test`, "site test"],
  ])("“%s” is refused with a session", async (host) => {
    expect((await ask([`X-Forwarded-Host: ${host}`, cookie])).status).toBe(400);
  });

  it.each(["closed.test", "xn--ste-vma.test", "[::1]", "127.0.0.1", "xsite.test", "a.site.test", "test"])(
    "%s is another, where this session is none",
    async (host) => {
      expect((await ask([`X-Forwarded-Host: ${host}`, cookie])).status).toBe(401);
    },
  );
});

describe("methods and health checks", () => {
  it.each(["OPTIONS", "HEAD", "TRACE", "FOO", "get", "CONNECT", "PROPFIND", "POST"])(
    "%s is decided like any other, with and without Origin",
    async (method) => {
      const line = `X-Forwarded-Method: ${method}`;
      const preflight = ["Origin: https://evil.test", "Access-Control-Request-Method: GET"];
      for (const extra of [[], preflight]) {
        expect((await ask([line, ...extra])).status).toBe(401);
        expect((await ask([line, ...extra, cookie])).status).toBe(200);
        expect((await ask([line, ...extra, cookie, "X-Forwarded-Uri: /secret/x"])).status).toBe(403);
      }
    },
  );

  it.each(["", "G T", "GET\t", "GÉT", "GET,POST", "G".repeat(33)])("“%s” is no method", async (method) => {
    expect(refused).toContain((await ask([`X-Forwarded-Method: ${method}`])).status);
  });

  it.each(["/ping", "/healthz", "/readyz", "/metrics", "/forward-auth", "/.causeway/"])(
    "our own %s opens nothing when a client asks for it",
    async (uri) => {
      expect(refused).toContain((await ask([`X-Forwarded-Uri: ${uri}`])).status);
      expect(refused).toContain((await ask([`X-Forwarded-Uri: ${uri}`, "User-Agent: kube-probe"])).status);
    },
  );
});

describe("ways back after the sign-in", () => {
  it("lead to the site that was asked for, and there over the panel alone", async () => {
    const payloads = openRedirects("site.test").filter((text) => !/[\r\n\0]/.test(text));
    expect(payloads.length).toBeGreaterThan(250);
    for (const payload of payloads) {
      const latin = Buffer.from(payload).toString("latin1");
      for (const uri of [latin, `/${latin}`, `/page?next=${latin}`]) {
        const { status, headers } = await ask([browser, `X-Forwarded-Uri: ${uri}`]);
        expect([200, 302, 400, 401, 403], uri).toContain(status);
        const location = headers.get("location")?.[0];
        expect(status === 302).toBe(location !== undefined);
        if (location === undefined) continue;
        expect(location.startsWith(`${PANEL_URL}/login?next=`), uri).toBe(true);
        const next = new URL(new URL(location).searchParams.get("next") ?? "");
        expect([next.protocol, next.host, next.username], uri).toEqual(["https:", "site.test", ""]);
      }
    }
  });
});
