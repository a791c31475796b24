import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRedirects } from "../test/open-redirects.ts";
import { GuardedSite, isSecret } from "./guarded-site.ts";
import { addPerson, request, stackFile } from "./product.ts";

/** The groups of docs/forward-auth-attacks.md through the real Traefik: no way past it, and never a 5xx. */
let site: GuardedSite;
let bearer: string;
const browser = "Accept: text/html,application/xhtml+xml";

beforeAll(async () => {
  site = new GuardedSite();
  bearer = await site.open();
});
afterAll(() => site.close());

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
      "/open/..;/secret/x",
      "//attacked.test/secret",
    ],
    ...["http:secret/x", "https:/secret/x", "secret/x", "*", "\\secret", "https://panel.test/secret/x"],
    ...[
      "https://attacked.test/secret/x",
      "http://attacked.test//secret",
      "/open/../../../secret",
      "/secret/.",
    ],
  ])("%s reaches the site for nobody", async (target) => {
    for (const lines of [[], [bearer]]) {
      const { reached } = await site.attack("GET", target, lines);
      expect(reached.filter(isSecret), lines.length ? "signed in" : "a stranger").toEqual([]);
    }
  });

  it("pushed out of sight by other headers are not taken for others", async () => {
    for (const count of [980, 985, 989, 990, 991, 992, 1_100]) {
      const filler = Array.from({ length: count }, (_, i) => `A-${i}: ${i}`);
      expect((await site.attack("GET", "/secret/x", [...filler, bearer])).reached).toEqual([]);
    }
  });

  it("that are open stay open, with whatever query", async () => {
    const query = '?q={"a":[1]}|^%00&u=/secret/../..';
    expect((await site.attack("GET", `/open/a%20b${query}`)).reached).toHaveLength(1);
    expect((await site.attack("GET", `/page${query}`, [bearer])).reached).toHaveLength(1);
  });
});

describe("headers and hosts", () => {
  it.each([
    ...[
      "X-Forwarded-Uri: /open/x",
      "X-Forwarded-Method: OPTIONS",
      "X-Forwarded-Proto: http",
      "X-Forwarded-Prefix: /open",
    ],
    ...[
      "X-Forwarded-Host: elsewhere.test",
      "X-Forwarded-For: 127.0.0.1",
      "X-Forwarded-Port: 80",
      "X-Real-Ip: ::1",
    ],
    ...["X-Original-URL: /open/x", "X-Rewrite-URL: /open/x", "Forwarded: host=elsewhere.test;for=9.9.9.9"],
    ...["X_Forwarded_Uri: /open/x", "X.Forwarded.Uri: /open/x", "X_Forwarded_Host: elsewhere.test"],
    ...["X-HTTP-Method-Override: OPTIONS", "User-Agent: kube-probe/1.30", "User-Agent: GoogleHC/1.0"],
    "Connection: close, X-Forwarded-Host, X-Forwarded-Uri, X-Forwarded-Method, Remote-User",
    ...[
      "Remote-User: eve",
      "Remote_User: eve",
      "Remote.User: eve",
      "REMOTE-USER: eve",
      "Remote-User: eve, owner",
    ],
    ...["X-Webauth-User: eve", "X_Webauth_User: eve", "X-Jwt-Assertion: eve", "X-Auth-Request-User: eve"],
    ...["X-Forwarded-User: eve", "X-Remote-User: eve", "X-Authentik-Username: eve", "Remote-Jwt: eve"],
  ])("%s opens nothing and names nobody else", async (line) => {
    expect((await site.attack("GET", "/page", [line])).reached).toEqual([]);
    expect((await site.attack("GET", "/secret/x", [line, bearer])).reached).toEqual([]);
    expect((await site.attack("GET", "/page", [line, bearer])).reached).toEqual(["/page"]);
    const last = site.seen.at(-1);
    expect(last?.headers["remote-user"]).toBe("owner");
    expect(JSON.stringify(last?.rawHeaders)).not.toMatch(/"[^"]*eve[^"]*"/);
    expect((await site.attack("GET", "/open/x", [line])).reached).toEqual(["/open/x"]);
    expect(JSON.stringify(site.seen.at(-1)?.rawHeaders)).not.toMatch(/"[^"]*eve[^"]*"/);
  });

  it("the address in the list of sign-ins is the socket's, not the client's word", async () => {
    const { user, password } = await addPerson();
    const { apiUrl, panelUrl } = stackFile();
    const response = await request(`${apiUrl}/session`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: new URL(panelUrl).origin,
        "x-forwarded-for": "203.0.113.9",
        "x-real-ip": "203.0.113.9",
        forwarded: "for=203.0.113.9",
      },
      body: JSON.stringify({ name: user.name, password }),
    });
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const list = await (await request(`${apiUrl}/users/me/sessions`, { headers: { cookie } })).text();
    expect(list).toContain("127.0.0.1");
    expect(list).not.toContain("203.0.113.9");
  });

  it.each(["ATTACKED.test", "attacked.test.", "attacked.test:443", "Attacked.Test.:1"])(
    "the host %s has the same rules",
    async (host) => {
      expect((await site.attack("GET", "/page", [`Host: ${host}`])).reached).toEqual([]);
      expect((await site.attack("GET", "/secret/x", [`Host: ${host}`, bearer])).reached).toEqual([]);
    },
  );

  it.each([
    ["Host: attacked.test", "Host: elsewhere.test"],
    ["Host: elsewhere.test", "Host: attacked.test"],
    ["Host:"],
    ["Host: attacked.test, elsewhere.test"],
    ["Host: attacked.test@elsewhere.test"],
    ["Host: [::1]"],
    ["Host: xn--attackd-9ya.test"],
    ["Host: attack\xebd.test"],
    ["Host: attacked.test%00"],
  ])("%s %s reaches no site", async (...lines) => {
    for (const target of ["/page", "/open/x", "/secret/x", "https://attacked.test/secret/x"]) {
      const { reached } = await site.attack("GET", target, [...lines, bearer]);
      expect(reached.filter((url) => url?.includes("secret"))).toEqual([]);
      expect((await site.attack("GET", target, lines)).reached.filter((url) => url !== "/open/x")).toEqual(
        [],
      );
    }
  });
});

describe("methods", () => {
  it.each(["OPTIONS", "HEAD", "TRACE", "FOO", "get", "CONNECT", "POST", "PROPFIND"])(
    "%s passes no more than GET does",
    async (method) => {
      for (const lines of [[], ["Origin: https://evil.test", "Access-Control-Request-Method: GET"]]) {
        expect((await site.attack(method, "/page", lines)).reached).toEqual([]);
        expect((await site.attack(method, "/secret/x", [...lines, bearer])).reached).toEqual([]);
      }
    },
  );
});

describe("WebSockets and other upgrades", () => {
  const upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"];
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  it("open with a sign-in alone", async () => {
    expect(await site.attack("GET", "/page", [...upgrade, key])).toMatchObject({ status: 401, reached: [] });
    expect(await site.attack("GET", "/secret/x", [...upgrade, key, bearer])).toMatchObject({
      status: 403,
      reached: [],
    });
    expect((await site.attack("GET", "/page", [...upgrade, key, bearer])).status).toBe(101);
  });

  it("to h2c smuggle nothing past it", async () => {
    const h2c = ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__", "Connection: Upgrade, HTTP2-Settings"];
    expect((await site.attack("GET", "/secret/x", [...h2c, bearer])).reached).toEqual([]);
    const { status } = await site.attack("GET", "/open/x", h2c);
    expect(status).not.toBe(101);
  });

  it("a request behind another one on the wire is asked about for itself", async () => {
    const line = (path: string, end: string) => `GET ${path} HTTP/1.1\r\nHost: ${site.host}\r\n${end}\r\n`;
    const before = site.seen.length;
    await site.send(`${line("/open/x", "")}${line("/secret/x", `${bearer}\r\nConnection: close\r\n`)}`);
    const body = line("/secret/x", "");
    await site.send(
      `POST /open/x HTTP/1.1\r\nHost: ${site.host}\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n${body}`,
      2_000,
    );
    expect(site.seen.slice(before).filter(({ url }) => url?.includes("secret"))).toEqual([]);
  });
});

describe("ways back after the sign-in", () => {
  it("lead over the panel to the host that was asked for", async () => {
    const payloads = openRedirects(site.host).filter(
      (text) => !/[\r\n\0 ]/.test(text) && /^[\x21-\xff]+$/.test(text),
    );
    expect(payloads.length).toBeGreaterThan(150);
    let asked = 0;
    for (const payload of payloads) {
      const { status, headers } = await site.attack(
        "GET",
        payload.startsWith("/") ? payload : `/${payload}`,
        [browser],
      );
      const location = headers.get("location");
      if (status !== 302 || location === undefined) continue;
      asked += 1;
      expect(location.startsWith(`${stackFile().panelUrl}/login?next=`), payload).toBe(true);
      const next = new URL(new URL(location).searchParams.get("next") ?? "");
      expect([next.hostname, next.username, next.protocol], payload).toEqual([site.host, "", "https:"]);
    }
    expect(asked).toBeGreaterThan(50);
  });
});
