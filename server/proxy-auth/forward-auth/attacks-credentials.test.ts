import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import { askRaw } from "../testing/ask-forward-auth.ts";
import { type Bench, eventually, startBench } from "../testing/bench.ts";

/** Cookies, tokens, guesses and answers under attack: docs/forward-auth-attacks.md lists the groups. */
let bench: Bench;
let user: ReplicaUser;
let session: string;
let cookie: string;
let token: string;

beforeAll(async () => {
  bench = await startBench();
  user = bench.panel.addUser("eve", { role: "admin", email: "eve@example.org" });
  bench.panel.setRules([
    { host: "site.test", path: "/open", policy: "public", roles: [], groups: [] },
    { host: "*", path: "/*", policy: "any_user", roles: [], groups: [] },
  ]);
  session = bench.panel.addSession(user.id, "site.test");
  cookie = `Cookie: __Host-causeway=${session}`;
  token = bench.panel.addToken(user.id, ["forward-auth"]);
  await bench.announce();
  await eventually(async () => (await ask([cookie])).status === 200, 2_000);
});
afterAll(() => bench.close());

const ask = (lines: readonly string[]) => askRaw(bench.proxy.ports.forwardAuth, lines);
const secret = () => randomBytes(32).toString("base64url");
const basic = (text: string, encoding: BufferEncoding = "utf8") =>
  `Authorization: Basic ${Buffer.from(text, encoding).toString("base64")}`;
const sessionReads = () => bench.panel.calls.filter((call) => call.includes("/sessions/")).length;
const browser = "Accept: text/html";

describe("cookies", () => {
  it.each([
    ["none of our form", () => "__Host-causeway=!!!%%%"],
    ["bad base64", () => `__Host-causeway=${session.slice(0, -1)}=`],
    ["one letter short", () => `__Host-causeway=${session.slice(0, -1)}`],
    ["one letter long", () => `__Host-causeway=${session}A`],
    ["in quotes", () => `__Host-causeway="${session}"`],
    ["escaped", () => `__Host-causeway=%${session.charCodeAt(0).toString(16)}${session.slice(1)}`],
    ["of 8 KiB", () => `__Host-causeway=${"a".repeat(8_192)}`],
    ["unknown", () => `__Host-causeway=${secret()}`],
    ["empty", () => "__Host-causeway="],
    ["without a value", () => "__Host-causeway"],
    ["of another host", () => `__Host-causeway=${bench.panel.addSession(user.id, "other.test")}`],
    ["twice", () => `__Host-causeway=${secret()}; __Host-causeway=${session}`],
    ["twice, the right one first", () => `__Host-causeway=${session}; __Host-causeway=${secret()}`],
    ["in another case", () => `__host-causeway=${session}`],
    ["without its prefix", () => `causeway=${session}`],
    ["behind a blank that is none to a browser", () => `\xa0__Host-causeway=${session}`],
    ["behind a vertical tab's like", () => `\x85__Host-causeway=${session}`],
    ["behind a comma", () => `a=b, __Host-causeway=${session}`],
    ["as a half-done sign-in", () => `__Host-causeway-signin=${session}`],
  ])("%s open nothing, and set none", async (_what, make) => {
    for (const extra of [[], [browser]]) {
      const { status, headers } = await ask([`Cookie: ${make()}`, ...extra]);
      expect([302, 400, 401, 403]).toContain(status);
      expect(headers.get("set-cookie")?.join() ?? "").not.toContain("__Host-causeway=");
    }
  });

  it("in two headers, or with a NUL, open nothing", async () => {
    expect((await ask([`Cookie: __Host-causeway=${secret()}`, cookie])).status).toBe(401);
    expect((await ask([`${cookie}\0`])).status).toBe(400);
  });

  it("of look-alike names reach no site", async () => {
    const { status, headers } = await ask([
      `${cookie}; \xa0__Host-causeway=x; __Host-causeway-signin=y; a=b`,
    ]);
    expect([status, headers.get("cookie")]).toEqual([200, ["a=b"]]);
  });

  it("that a client made up are never taken on, not even with a sign-in under way", async () => {
    const made = secret();
    const answer = await ask([
      `Cookie: __Host-causeway=${made}; __Host-causeway-signin=${secret()}`,
      browser,
    ]);
    expect([302, 403]).toContain(answer.status);
    expect(answer.headers.get("set-cookie")?.join() ?? "").not.toContain(made);
    expect((await ask([`Cookie: __Host-causeway=${made}`])).status).toBe(401);
  });

  it("that have expired open nothing, also for a WebSocket", async () => {
    const short = bench.panel.addSession(user.id, "site.test");
    const record = [...bench.panel.sessions.values()].at(-1);
    if (record) record.expiresAt = Date.now() + 700;
    const upgrade = ["X-Forwarded-Proto: wss", "Upgrade: websocket", "Connection: Upgrade"];
    const line = `Cookie: __Host-causeway=${short}`;
    expect((await ask([line, ...upgrade])).status).toBe(200);
    await eventually(async () => (await ask([line, ...upgrade])).status === 401, 1_500);
    expect((await ask([line])).status).toBe(401);
    expect((await ask([cookie, "X-Forwarded-Proto: ws"])).status).toBe(200);
    expect((await ask(upgrade)).status).toBe(401);
  });
});

describe("Basic and bearer", () => {
  type Made = { name: string; token: string; session: string };
  let number = 0;

  it.each([
    ["bearer in any case", ({ token }) => `Authorization: bEaReR ${token}`, 200],
    ["basic in any case", ({ name, token }) => basic(`${name}:${token}`).replace("Basic", "bASIC"), 200],
    ["no colon", ({ name, token }) => basic(`${name}${token}`), 401],
    ["a colon before the token", ({ name, token }) => basic(`${name}::${token}`), 401],
    ["a colon behind the token", ({ name, token }) => basic(`${name}:${token}:`), 401],
    ["no name", ({ token }) => basic(`:${token}`), 401],
    ["the name in another case", ({ name, token }) => basic(`${name.toUpperCase()}:${token}`), 401],
    ["the e-mail for the name", ({ name, token }) => basic(`${name}@example.org:${token}`), 401],
    ["a blank around the name", ({ name, token }) => basic(`${name} :${token}`), 401],
    ["a NUL in the name", ({ name, token }) => basic(`${name}\0:${token}`), 401],
    ["Latin-1", ({ name, token }) => basic(`${name}\xe9:${token}`, "latin1"), 401],
    ["UTF-8 that looks alike", ({ name, token }) => basic(`${name.replace("e", "е")}:${token}`), 401],
    ["no base64", () => "Authorization: Basic ****", 401],
    ["the scheme alone", () => "Authorization: Basic", 401],
    ["an empty header", () => "Authorization:", 401],
    ["an unknown scheme", ({ token }) => `Authorization: Token ${token}`, 401],
    ["the token alone", ({ token }) => `Authorization: ${token}`, 401],
    ["two words", ({ token }) => `Authorization: Bearer ${token} ${token}`, 401],
    ["a list", ({ token }) => `Authorization: Bearer ${token}, Basic x`, 401],
    ["the proxy's header", ({ token }) => `Proxy-Authorization: Bearer ${token}`, 401],
    ["the session as a bearer", ({ session }) => `Authorization: Bearer ${session}`, 401],
    ["the token as a cookie", ({ token }) => `Cookie: __Host-causeway=${token}`, 401],
    ["the token in the address", ({ token }) => `X-Forwarded-Uri: /?access_token=${token}`, 401],
    ["64 KiB of it", () => `Authorization: Bearer ${"x".repeat(65_536)}`, 401],
  ] as [string, (made: Made) => string, number][])("%s", async (_what, make, status) => {
    // Each has an account of its own: wrong credentials for one are throttled.
    number += 1;
    const name = `person${number}`;
    const person = bench.panel.addUser(name, { email: `${name}@example.org` });
    const token = bench.panel.addToken(person.id, ["forward-auth"]);
    await bench.announce();
    await eventually(async () => (await ask([`Authorization: Bearer ${token}`])).status === 200, 1_000);
    const line = make({ name, token, session });
    expect((await ask([line])).status).toBe(status);
    // Precedence: a cookie heals no wrong header, and a right one needs none.
    if (!line.startsWith("Authorization")) return;
    expect((await ask([line, cookie])).status).toBe(status);
    expect((await ask([line, `Cookie: __Host-causeway=${secret()}`])).status).toBe(status);
  });

  it("a second Authorization is not the one that decides", async () => {
    const first = await ask(["Authorization: Bearer nonsense", `Authorization: Bearer ${token}`]);
    expect(first.status).toBe(401);
  });

  it("a revoked token, one without the scope, and one of a deleted user open nothing", async () => {
    const gone = bench.panel.addToken(user.id, ["forward-auth"]);
    const other = bench.panel.addToken(user.id, ["read", "write"]);
    const nobody = bench.panel.addUser("gone");
    const orphan = bench.panel.addToken(nobody.id, ["forward-auth"]);
    await bench.announce();
    await eventually(async () => (await ask([`Authorization: Bearer ${orphan}`])).status === 200, 2_000);
    expect((await ask([`Authorization: Bearer ${gone}`])).status).toBe(200);
    bench.panel.revokeToken(gone);
    bench.panel.delete(nobody.id);
    await bench.announce();
    for (const value of [gone, orphan])
      await eventually(async () => (await ask([`Authorization: Bearer ${value}`])).status === 401, 500);
    expect((await ask([`Authorization: Bearer ${other}`])).status).toBe(401);
  });
});

describe("answers", () => {
  it("are kept by no cache, whatever they say", async () => {
    for (const lines of [
      [cookie],
      [],
      [browser],
      ["X-Forwarded-Uri: /open"],
      ["X-Forwarded-Host: ,"],
      [`Cookie: __Host-causeway=${secret()}`],
      [cookie, "X-Forwarded-Uri: /.causeway/callback?code=x"],
    ])
      expect((await ask(lines)).headers.get("cache-control"), lines.join()).toEqual(["no-store"]);
    for (const lines of [[], [browser]])
      expect((await ask(lines)).headers.get("vary")).toEqual(["Cookie, Authorization, Accept"]);
  });

  it("of a 2xx hold what the upstream needs, and nothing of ours", async () => {
    const known = [
      "cache-control",
      "content-length",
      "remote-user",
      "remote-name",
      "remote-groups",
      "remote-email",
    ];
    const plain = ["date", "connection"];
    for (let i = 0; i < 3; i++) {
      const { headers, body } = await ask([
        cookie,
        "Remote-Extra: x",
        "Remote-User: owner",
        "Set-Cookie: a=b",
      ]);
      expect([...headers.keys()].filter((name) => !plain.includes(name)).sort()).toEqual(known.toSorted());
      expect(body).toBe("");
    }
    const open = await ask(["X-Forwarded-Uri: /open", cookie, "Remote-User: owner"]);
    expect([...open.headers.keys()].filter((name) => !plain.includes(name)).sort()).toEqual([
      "cache-control",
      "content-length",
    ]);
  });

  it("to a program are JSON and no redirect, to a browser's script no password window", async () => {
    const program = await ask(["Accept: application/json"]);
    expect([program.status, program.headers.get("location")]).toEqual([401, undefined]);
    expect(program.headers.get("content-type")).toEqual(["application/problem+json"]);
    for (const line of ["X-Requested-With: XMLHttpRequest", "Sec-Fetch-Mode: cors"])
      expect((await ask([line])).headers.get("www-authenticate")?.[0]).toMatch(/^Bearer /);
  });
});

describe("size and number", () => {
  it("a large header is read, one that is too large is refused in words", async () => {
    const large = `X-Large: ${"x".repeat(64 * 1024)}`;
    expect((await ask([large, cookie])).status).toBe(200);
    expect((await ask([large])).status).toBe(401);
    const many = Array.from({ length: 200 }, (_, i) => `X-${i}: ${i}`);
    expect((await ask([...many, cookie])).status).toBe(200);
    expect((await ask([`X-Large: ${"x".repeat(300_000)}`, cookie])).status).toBe(431);
  });

  it("a thousand visitors at once are all answered, and fifty requests of one read the store once", async () => {
    const many = Array.from({ length: 1_000 }, () => bench.panel.addSession(user.id, "site.test"));
    const answers = await Promise.all(many.map((value) => ask([`Cookie: __Host-causeway=${value}`])));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const before = sessionReads();
    const line = `Cookie: __Host-causeway=${bench.panel.addSession(user.id, "site.test")}`;
    const burst = await Promise.all(Array.from({ length: 50 }, () => ask([line])));
    expect(burst.every(({ status }) => status === 200)).toBe(true);
    expect(sessionReads() - before).toBe(1);
  });
});
