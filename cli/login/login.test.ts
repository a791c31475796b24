import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runVpn } from "#cli/testing/run-vpn.ts";
import { makeApi, makeWebRuntime, setPassword } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { makeUser } from "#test/made.ts";

const platform = preparePlatform();
const dir = mkdtempSync(join(tmpdir(), "causeway-login-"));
const PASSWORD = "correct horse battery staple";
const loginsFile = join(dir, "config", "logins.json");
let plain: HttpServer;
let tls: TlsServer;
let url: string;
let tlsUrl: string;
let ca: string;
let admin: string;

const listen = (server: HttpServer | TlsServer) =>
  new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );

beforeAll(async () => {
  const subject = ["-subj", "/CN=test panel", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", join(dir, "key.pem"), "-out", join(dir, "ca.pem")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...files, ...subject], { stdio: "ignore" });
  ca = readFileSync(join(dir, "ca.pem"), "utf8");
  const handlers: Record<string, ReturnType<typeof getRequestListener>> = {};
  plain = createServer((request, response) => void handlers.plain?.(request, response));
  const keys = { key: readFileSync(join(dir, "key.pem")), cert: ca };
  tls = createTlsServer(keys, (request, response) => void handlers.tls?.(request, response));
  url = `http://127.0.0.1:${await listen(plain)}`;
  tlsUrl = `https://127.0.0.1:${await listen(tls)}`;
  const { env } = makeWebRuntime(platform);
  const apiFor = (PANEL_URL: string) =>
    getRequestListener(
      makeApi(platform, { env: { ...env, PANEL_URL, WEB_CA_FILE: join(dir, "ca.pem") } }).fetch,
    );
  handlers.plain = apiFor(url);
  handlers.tls = apiFor(tlsUrl);
  const user = await makeUser({ role: "admin" });
  await setPassword(user, PASSWORD);
  admin = user.name;
});
afterAll(() => {
  plain?.close();
  tls?.close();
  rmSync(dir, { recursive: true, force: true });
});

type Given = { input?: string; env?: { url?: string; token?: string; ca?: string } };
const vpn = (args: string[], given: Given = {}) => runVpn(args, { dataDir: dir, columns: 100, ...given });
const withPassword = (to: string, input: string) =>
  vpn(["login", to, "--name", admin, "--password-stdin"], { input });

describe("vpn login", () => {
  it("makes a token of its own, keeps it for this person's eyes, and later commands go there", async () => {
    const result = await withPassword(url, `${PASSWORD}\n`);
    expect(result).toMatchObject({ code: 0, errors: [] });
    expect(result.out).toContain(`as ${admin} (admin)`);
    expect(statSync(loginsFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(loginsFile, "utf8")).not.toContain(PASSWORD);
    expect((await vpn(["user", "list"])).out).toContain(admin);
    const tokens = JSON.parse((await vpn(["token", "list", "--json"])).out) as {
      items: { name: string; scopes: string[] }[];
    };
    expect(tokens.items).toEqual([
      expect.objectContaining({ name: expect.stringMatching(/^vpn on /), scopes: ["read", "write"] }),
    ]);
    // The session of the sign-in did not stay open.
    expect(await platform.db.session.count({ where: { revokedAt: null } })).toBe(0);
  });

  it("makes, lists and revokes tokens; a narrow or revoked one is refused with a way out", async () => {
    const made = await vpn(["token", "create", "reader", "--scopes", "read", "--expires", "30d"]);
    const token = made.out.trim();
    expect(token).toMatch(/^cwy_/);
    const reader = { env: { url, token } };
    expect(await vpn(["user", "list"], reader)).toMatchObject({ code: 0 });
    expect(await vpn(["user", "add", "nobody"], reader)).toMatchObject({
      code: 1,
      errors: [expect.stringContaining("scope write")],
    });
    expect(await vpn(["token", "revoke", "reader"])).toMatchObject({ code: 0 });
    expect(await vpn(["user", "list"], reader)).toMatchObject({
      code: 1,
      errors: [expect.stringContaining(`vpn login ${url}`)],
    });
  });

  it("revokes its token when it goes, and knows nobody afterwards", async () => {
    expect((await vpn(["logout"])).out).toContain("revoked");
    expect(await platform.db.apiToken.count({ where: { revokedAt: null, userId: { not: null } } })).toBe(0);
    expect(await vpn(["status"])).toMatchObject({
      code: 1,
      errors: [expect.stringContaining("vpn login URL")],
    });
    expect(await vpn(["logout"])).toMatchObject({ code: 1 });
  });

  it("takes a pasted token, and refuses what is none before it is sent", async () => {
    await withPassword(url, PASSWORD);
    const token = (await vpn(["token", "create", "pasted"])).out.trim();
    expect(await vpn(["login", url, "--token-stdin"], { input: `${token}\n` })).toMatchObject({ code: 0 });
    expect(await vpn(["login", url, "--token-stdin"], { input: "hunter2" })).toMatchObject({
      code: 2,
      errors: [expect.stringContaining("cwy_")],
    });
    expect((await vpn(["logout"])).out).toContain("revoke it at");
  });

  it.each([
    [["login"], "", "Say where"],
    [["login", "http://vpn.example.org"], "", "https://"],
    [["login", "URL", "--token-stdin"], "cwy_", "no API token"],
  ])("says in one line what is wrong with %j", async (args, input, words) => {
    const result = await vpn(
      args.map((arg) => (arg === "URL" ? url : arg)),
      { input },
    );
    expect(result).toMatchObject({ code: 2, out: "", errors: [expect.stringContaining(words)] });
  });

  it("says that name or password is wrong, not that a token is", async () => {
    const result = await withPassword(url, "wrong password");
    expect(result).toMatchObject({ code: 1, errors: [expect.stringContaining("password")] });
    expect(result.errors[0]).not.toContain("token");
  });
});

describe("a panel whose CA nobody knows", () => {
  const fingerprint = () => new X509Certificate(ca).fingerprint256;

  it("is refused in words, by every command", async () => {
    const env = { url: tlsUrl, token: `cwy_${"x".repeat(43)}` };
    const result = await vpn(["user", "list"], { env });
    expect(result).toMatchObject({ code: 1, errors: [expect.stringMatching(/--ca FILE.*vpn login https/)] });
    expect(await vpn(["user", "list"], { env: { ...env, ca: join(dir, "ca.pem") } })).toMatchObject({
      errors: [expect.stringContaining("does not accept this API token")],
    });
  });

  it("is trusted by the fingerprint that somebody compared, and by no other", async () => {
    const asked = await withPassword(tlsUrl, PASSWORD);
    expect(asked).toMatchObject({ code: 2, errors: [expect.stringContaining(fingerprint())] });
    const args = ["login", tlsUrl, "--name", admin, "--password-stdin", "--fingerprint"];
    const wrong = createHash("sha256").update("other").digest("hex");
    expect(await vpn([...args, wrong], { input: PASSWORD })).toMatchObject({
      code: 1,
      errors: [expect.stringContaining("another fingerprint")],
    });
    const right = fingerprint().replaceAll(":", "").toLowerCase();
    expect(await vpn([...args, right], { input: PASSWORD })).toMatchObject({ code: 0 });
    expect(await vpn(["user", "list"])).toMatchObject({ code: 0 });
    await vpn(["logout"]);
  });

  it("is trusted by a CA file", async () => {
    writeFileSync(join(dir, "given.pem"), ca);
    const args = ["login", tlsUrl, "--ca", join(dir, "given.pem"), "--name", admin, "--password-stdin"];
    expect(await vpn(args, { input: PASSWORD })).toMatchObject({ code: 0 });
    expect((await vpn(["login", "--list"])).out).toContain(tlsUrl);
    await vpn(["logout", tlsUrl]);
  });
});
