import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runVpn } from "./testing/run-vpn.ts";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const ID = "0190d4ac-0000-7000-8000-000000000001";
const user = {
  id: ID,
  name: "ada",
  email: null,
  role: "user",
  status: "active",
  note: "\u001b[2Jx",
  limitBytes: 10_000_000_000,
  usedBytes: 3_200_000_000,
  resetPeriod: "month",
  nextResetAt: "2026-12-01T00:00:00Z",
  expiresAt: "2026-12-23T12:00:00Z",
  onlineAt: null,
  isOnline: false,
  hasPassword: false,
  createdAt: "2026-11-23T12:00:00Z",
  groups: [],
};
const secrets = {
  ...user,
  vlessLinks: ["vless://11111111-1111-4111-8111-111111111111@203.0.113.5:443?x=y#Home"],
  subscriptionUrl: "https://203.0.113.5/sub/abc",
  invite: { url: "https://203.0.113.5/invite/abc", expiresAt: "2026-11-26T12:00:00Z" },
  proxy: {
    username: "ada",
    password: "pw",
    httpUrl: "http://ada:pw@203.0.113.5:8888",
    socksUrl: "socks5h://ada:pw@203.0.113.5:1080",
  },
};
const door = { upBytes: 1, downBytes: 2 };
const usage = {
  user: "ada",
  from: NOW,
  to: NOW,
  doors: { vpn: door, http: door, socks: door },
  totalBytes: 9,
};
const problem = (status: number, code: string, detail: string) => ({
  status,
  body: { type: "about:blank", title: code, status, code, detail, requestId: "r-1" },
});

type Seen = { method: string; url: string; token: string | undefined; body: unknown };
const seen: Seen[] = [];
const answers: Record<string, { status: number; body: unknown }> = {
  "POST /users": { status: 201, body: secrets },
  "GET /users": { status: 200, body: { items: [user], nextCursor: null, total: 1 } },
  "GET /users/ada": { status: 200, body: user },
  "PATCH /users/ada": { status: 200, body: user },
  "POST /users/ada/disable": { status: 200, body: { ...user, status: "disabled" } },
  "GET /users/ada/links": { status: 200, body: { ...secrets, invite: null } },
  [`DELETE /users/${ID}`]: { status: 204, body: "" },
  "GET /users/ada/usage": {
    status: 200,
    body: { ...usage, from: new Date(NOW).toISOString(), to: new Date(NOW).toISOString() },
  },
  "GET /users/nobody": problem(404, "NOT_FOUND", "There is no user “nobody”."),
  "GET /users/denied": problem(401, "UNAUTHENTICATED", "Sign in first."),
};

let server: Server;
let url: string;
const dir = mkdtempSync(join(tmpdir(), "causeway-cli-"));
const tokenFile = join(dir, "secrets", "cli.token");

beforeAll(async () => {
  server = createServer((request, response) => {
    readBody(request).then((body) => {
      const path = (request.url ?? "").replace("/api/v1", "").split("?")[0];
      seen.push({
        method: request.method ?? "",
        url: request.url ?? "",
        token: request.headers.authorization,
        body,
      });
      const answer = answers[`${request.method} ${path}`] ?? problem(404, "NOT_FOUND", "no such route");
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(answer.status === 204 ? undefined : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  mkdirSync(join(dir, "secrets"));
  writeFileSync(tokenFile, "cwy_test\n", { mode: 0o600 });
  writeFileSync(join(dir, "ca.pem"), "");
  writeFileSync(
    join(dir, "stack.json"),
    JSON.stringify({ apiUrl: `${url}/api/v1`, caFile: join(dir, "ca.pem") }),
  );
});
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

const vpn = (args: string[], options: { columns?: number; answer?: string; dataDir?: string } = {}) =>
  runVpn(args, { dataDir: dir, now: NOW, ...options });

describe("vpn", () => {
  it("adds a user with exact bytes and times and answers the agreed JSON", async () => {
    const args = ["user", "add", "ada", "--limit", "10GB", "--expires", "30d", "--reset", "month", "--json"];
    const result = await vpn(args);
    expect(result).toMatchObject({ code: 0, errors: [] });
    expect(JSON.parse(result.out)).toMatchObject({
      id: ID,
      name: "ada",
      status: "active",
      limitBytes: 10_000_000_000,
      usedBytes: 3_200_000_000,
      expiresAt: "2026-12-23T12:00:00Z",
      vlessLinks: [expect.stringMatching(/^vless:/)],
      subscriptionUrl: expect.any(String),
      invite: { url: expect.any(String), expiresAt: expect.any(String) },
      proxy: { username: "ada", password: "pw", httpUrl: expect.any(String), socksUrl: expect.any(String) },
    });
    expect(seen.at(-1)).toEqual({
      method: "POST",
      url: "/api/v1/users",
      token: "Bearer cwy_test",
      body: {
        name: "ada",
        limitBytes: 10_000_000_000,
        expiresAt: "2026-12-23T12:00:00.000Z",
        resetPeriod: "month",
      },
    });
  });

  it("shows people links, invite and proxies whole, on lines of their own", async () => {
    const { out } = await vpn(["user", "add", "ada"], { columns: 40 });
    for (const line of [
      secrets.vlessLinks[0],
      secrets.subscriptionUrl,
      secrets.invite.url,
      secrets.proxy.httpUrl,
    ]) {
      expect(out.split("\n")).toContain(`  ${line}`);
    }
  });

  it("lifts a limit with unlimited and an expiry with never", async () => {
    await vpn(["user", "edit", "ada", "--limit", "unlimited", "--expires", "never"]);
    expect(seen.at(-1)?.body).toEqual({ limitBytes: null, expiresAt: null });
  });

  it("shows no secret and no control character of a note", async () => {
    const { out } = await vpn(["user", "show", "ada"]);
    expect(out).toContain("3.2 GB of 10 GB");
    expect(out).not.toContain("\u001b");
    expect(out).not.toMatch(/vless:|pw@/);
  });

  it("answers disable with the user, usage with the agreed JSON", async () => {
    expect(JSON.parse((await vpn(["user", "disable", "ada", "--json"])).out)).toMatchObject({
      status: "disabled",
    });
    expect(JSON.parse((await vpn(["usage", "--user", "ada", "--json"])).out)).toEqual({
      user: "ada",
      from: "2026-11-23T12:00:00.000Z",
      to: "2026-11-23T12:00:00.000Z",
      doors: { vpn: door, http: door, socks: door },
      totalBytes: 9,
    });
  });

  it("prints a QR code, or the link where the code does not fit", async () => {
    expect((await vpn(["user", "qr", "ada"], { columns: 120 })).out).toMatch(
      /█[\s\S]*https:\/\/203\.0\.113\.5\/sub\/abc$/,
    );
    expect((await vpn(["user", "qr", "ada"], { columns: 20 })).out).toMatch(/wider[\s\S]*\/sub\/abc$/);
    expect((await vpn(["user", "qr", "ada", "--vless"], { columns: 120 })).out).toMatch(/vless:[^\n]*$/);
  });

  it.each([30, 40, 60, 80, 120])("fits lists into %d columns", async (columns) => {
    const { out } = await vpn(["user", "list"], { columns });
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    expect(out).toContain("ada");
  });

  it("deletes only what was named twice or said --yes to", async () => {
    const deletions = () => seen.filter(({ method }) => method === "DELETE").length;
    expect(await vpn(["user", "delete", "ada"])).toMatchObject({
      code: 2,
      errors: [expect.stringContaining("--yes")],
    });
    expect(await vpn(["user", "delete", "ada"], { answer: "bob" })).toMatchObject({ code: 1 });
    expect(deletions()).toBe(0);
    expect(await vpn(["user", "delete", "ada"], { answer: "ada" })).toMatchObject({ code: 0 });
    expect(await vpn(["user", "delete", "ada", "--yes"])).toMatchObject({ code: 0 });
    expect(deletions()).toBe(2);
  });

  it.each([
    [[], "--help"],
    [["user"], "--help"],
    [["nonsense"], "nonsense"],
    [["user", "list", "--nonsense"], "--nonsense"],
    [["user", "add", "Bad Name"], "a–z"],
    [["user", "add", "ok", "--limit", "many"], "10GB"],
    [["user", "add", "ok", "--limit", "0"], "unlimited"],
    [["user", "add", "ok", "--expires", "2020-01-01"], "past"],
    [["user", "add"], "name"],
    [["user", "edit", "ada"], "--limit"],
    [["usage", "--from", "2026-11-01"], "--user"],
    [["user", "show", "ada", "--url", "https://other.example"], "--token-file"],
    [["user", "show", "ada", "--url", "http://other.example", "--token-file", "x"], "https://"],
    [["logs", "../secrets/cli.token"], "no log"],
  ])("says in one line what is wrong with %j, and sends nothing", async (args, word) => {
    const before = seen.length;
    mkdirSync(join(dir, "logs"), { recursive: true });
    const result = await vpn(args);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.errors).toEqual([expect.stringContaining(word)]);
    expect(result.errors[0]).not.toContain("\n");
    expect(seen.length).toBe(before);
  });

  it.each([
    [["user", "show", "nobody"], "There is no user “nobody”."],
    [["user", "show", "denied"], "npm run up"],
  ])("hands on in one line what the API says to %j", async (args, words) => {
    expect(await vpn(args)).toMatchObject({ code: 1, out: "", errors: [expect.stringContaining(words)] });
  });

  it("says how to start when nothing runs", async () => {
    const empty = await vpn(["status"], { dataDir: join(dir, "none") });
    expect(empty).toMatchObject({ code: 1, errors: [expect.stringContaining("npm run up")] });
    const stopped = await vpn(["usage", "--url", "http://127.0.0.1:40", "--token-file", tokenFile]);
    expect(stopped).toMatchObject({
      code: 1,
      errors: [expect.stringMatching(/does not answer \(\w+\).*vpn status/)],
    });
  });
});

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? null : JSON.parse(text);
}
