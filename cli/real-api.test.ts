import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Usage } from "#lib/schemas/usage.ts";
import type { User, UserSecrets } from "#lib/schemas/user.ts";
import { makeApi, makeCliToken } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { makeNode } from "#test/made.ts";
import { runVpn } from "./testing/run-vpn.ts";

const platform = preparePlatform();
const dataDir = mkdtempSync(join(tmpdir(), "causeway-cli-api-"));
let server: Server;

beforeAll(async () => {
  const api = makeApi(platform);
  server = await new Promise<Server>((resolve) => {
    const started = serve({ fetch: api.fetch, hostname: "127.0.0.1", port: 0 }, () =>
      resolve(started as Server),
    );
  });
  const { port } = server.address() as AddressInfo;
  mkdirSync(join(dataDir, "secrets"));
  writeFileSync(join(dataDir, "secrets", "cli.token"), await makeCliToken(), { mode: 0o600 });
  writeFileSync(join(dataDir, "ca.pem"), "");
  const stack = { apiUrl: `http://127.0.0.1:${port}/api/v1`, caFile: join(dataDir, "ca.pem") };
  writeFileSync(join(dataDir, "stack.json"), JSON.stringify(stack));
  await makeNode("local");
});
afterAll(() => {
  server?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const vpn = (...args: string[]) => runVpn(args, { dataDir, columns: 100 });
async function json<T>(...args: string[]): Promise<T> {
  const result = await vpn(...args, "--json");
  if (result.code !== 0) throw new Error(`${args.join(" ")}: ${result.errors.join(" ")}`);
  return JSON.parse(result.out) as T;
}

describe("vpn on the real API", () => {
  it("walks a user through their life", async () => {
    const user = await json<UserSecrets>(
      "user",
      "add",
      "ada",
      "--limit",
      "10GB",
      "--expires",
      "30d",
      "--reset",
      "month",
    );
    expect(user).toMatchObject({ name: "ada", status: "active", limitBytes: 10_000_000_000, usedBytes: 0 });
    expect(user.vlessLinks).toHaveLength(2);
    expect(user.proxy.httpUrl).toBe(`http://ada:${user.proxy.password}@panel.test:8888`);
    expect(Math.abs(Date.parse(user.expiresAt ?? "") - Date.now() - 30 * 86_400_000)).toBeLessThan(60_000);

    const shown = await vpn("user", "show", "ada", "--json");
    for (const secret of [user.proxy.password, user.subscriptionUrl, user.vlessLinks[0] ?? ""]) {
      expect(shown.out).not.toContain(secret);
    }
    expect(
      await json<User>("user", "edit", "ada", "--limit", "unlimited", "--expires", "never"),
    ).toMatchObject({
      limitBytes: null,
      expiresAt: null,
    });
    expect(await json<User>("user", "disable", "ada")).toMatchObject({ status: "disabled" });
    expect(await json<User>("user", "enable", "ada")).toMatchObject({ status: "active" });
    expect(await json<User>("user", "reset", "ada")).toMatchObject({ usedBytes: 0 });
    const rotated = await json<UserSecrets>("user", "rotate", "ada", "--only", "proxy");
    expect(rotated.proxy.password).not.toBe(user.proxy.password);
    expect(rotated.vlessLinks).toEqual(user.vlessLinks);
    expect(await json<UserSecrets>("user", "links", "ada")).toMatchObject({
      vlessLinks: user.vlessLinks,
      proxy: rotated.proxy,
    });
    expect(await json("user", "invite", "ada")).toEqual({
      url: expect.any(String),
      expiresAt: expect.any(String),
    });
    expect((await vpn("user", "qr", "ada")).out).toContain(user.subscriptionUrl);
    expect(await json("user", "delete", "ada", "--yes")).toMatchObject({ name: "ada", isDeleted: true });
    const missing = await vpn("user", "show", "ada");
    expect(missing).toMatchObject({ code: 1, out: "" });
    expect(missing.errors).toEqual([expect.stringContaining("ada")]);
  });

  it("lists everyone page by page, and says how many are not shown", async () => {
    for (const name of ["b1", "b2", "b3"]) await json("user", "add", name);
    const all = await json<{ items: User[]; total: number }>("user", "list", "--query", "b");
    expect(all.items.map(({ name }) => name)).toEqual(["b1", "b2", "b3"]);
    expect((await vpn("user", "list", "--query", "b", "--max", "2")).out).toContain("2 of 3");
    expect((await vpn("user", "list", "--query", "zzz")).out).toContain("vpn user add");
  });

  it("answers usage, status, nodes and audit", async () => {
    await json("user", "add", "carol");
    const usage = await json<Usage>("usage", "--user", "carol");
    const none = { upBytes: 0, downBytes: 0 };
    expect(usage).toMatchObject({
      user: "carol",
      doors: { vpn: none, http: none, socks: none },
      totalBytes: 0,
    });
    expect(await json("usage")).toMatchObject({ today: { vpn: none }, users: expect.any(Array) });
    // Exit code 3: the node of this test never answers.
    const status = await vpn("status", "--json");
    expect(status).toMatchObject({ code: 3, errors: [] });
    expect(JSON.parse(status.out)).toMatchObject({
      isWell: false,
      users: { total: expect.any(Number) },
      notices: expect.any(Array),
      nodes: [{ name: "local", isUp: false }],
      problems: expect.arrayContaining([expect.objectContaining({ action: "vpn node show local" })]),
    });
    expect(await json("node", "list")).toMatchObject({ items: [{ name: "local" }] });
    expect(await json("node", "show", "local")).toMatchObject({ name: "local", canCutLive: false });
    const audit = await json<{ items: { action: string; actor: string }[] }>("audit", "--user", "carol");
    expect(audit.items[0]).toMatchObject({ action: "user.create", actor: "local-cli" });
    for (const command of [["status"], ["usage"], ["node", "list"], ["node", "show", "local"], ["audit"]]) {
      const { code, out } = await vpn(...command);
      expect(code, command.join(" ")).toBe(command[0] === "status" ? 3 : 0);
      for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
    }
  });

  it("keeps groups, and who may see which site", async () => {
    for (const name of ["gina", "gus"]) await json("user", "add", name);
    const destinations = join(dataDir, "destinations.json");
    writeFileSync(
      destinations,
      JSON.stringify({ otherwise: "deny", rules: [{ action: "allow", target: "*.example.org" }] }),
    );
    await json("group", "add", "staff", "--destinations", destinations, "--note", "the office");
    expect(await json("group", "members", "staff", "--add", "gina,gus")).toMatchObject({ members: 2 });
    expect(await json("user", "edit", "gus", "--group", "")).toMatchObject({ groups: [] });
    expect(await json("user", "add", "gary", "--group", "staff", "--rate", "20Mbit")).toMatchObject({
      groups: ["staff"],
      rateLimitBitsPerSecond: 20_000_000,
    });
    expect((await vpn("group", "show", "staff")).out).toMatch(/allow +\*\.example\.org/);
    expect((await vpn("group", "list")).out).toMatch(/staff +2 +1 +deny/);

    const rules = join(dataDir, "rules.json");
    writeFileSync(rules, JSON.stringify([{ host: "wiki.example.org", policy: "groups", groups: ["staff"] }]));
    expect(await json("access", "set", rules)).toMatchObject({ version: 1, rules: [{ groups: ["staff"] }] });
    expect((await vpn("access", "list")).out).toMatch(/wiki\.example\.org +\/\* +groups staff/);
    const test = async (...who: string[]) =>
      (await json<{ outcome: string }>("access", "test", "https://wiki.example.org/page", ...who)).outcome;
    expect([await test("--user", "gina"), await test("--user", "gus"), await test()]).toEqual([
      "allow",
      "deny",
      "sign_in",
    ]);
    const stale = join(dataDir, "stale.json");
    writeFileSync(stale, JSON.stringify({ version: 0, rules: [] }));
    expect(await vpn("access", "set", stale)).toMatchObject({ code: 1 });
    writeFileSync(rules, '[{"host":"wiki.example.org","policy":"groups"}]');
    expect(await vpn("access", "set", rules)).toMatchObject({
      code: 2,
      errors: [expect.stringContaining("groups")],
    });
    expect(await vpn("group", "delete", "staff")).toMatchObject({ code: 2 });
  });

  it.each([
    [["user", "add", "b1"], 1, /b1/],
    [["user", "edit", "nobody", "--note", "x"], 1, /nobody/],
    [["user", "add", "mail", "--email", "not-an-address"], 2, /ada@example\.org/],
    [["user", "add", "boss", "--role", "owner"], 1, /owner/i],
    [["node", "show", "nowhere"], 1, /nowhere/],
  ] as const)("says in one line why %j did not work", async (args, code, words) => {
    const result = await vpn(...args);
    expect(result).toMatchObject({ code, out: "", errors: [expect.stringMatching(words)] });
  });
});
