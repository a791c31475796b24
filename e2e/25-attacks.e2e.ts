import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect as connectPlain } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { curl, startXrayClient } from "./clients.ts";
import { findInLogs, readLogFiles, readStream } from "./log-files.ts";
import { addPerson, addUser, cliToken, eventually, request, signIn, stackFile, through } from "./product.ts";

const inData = (...parts: string[]) => join(inject("stack").dataDir, ...parts);
const ownerCookie = () =>
  signIn(inject("stack").ready.owner.name, inject("stack").ready.owner.password ?? "");

/** Bytes as an attacker writes them, and all that comes back. */
function sendRaw(port: number, text: string, isTls: boolean): Promise<string> {
  const socket = isTls
    ? connectTls({ port, host: "127.0.0.1", ca: readFileSync(stackFile().caFile) })
    : connectPlain(port, "127.0.0.1");
  socket.write(text, "latin1");
  let answer = "";
  return new Promise((resolve) => {
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
    socket.setTimeout(15_000, () => socket.destroy());
  });
}

describe("what stands behind ForwardAuth", () => {
  const file = () => inData("traefik", "dynamic", "upstream.yml");
  const seen: IncomingMessage[] = [];
  const upstream = createServer((incoming, response) => {
    seen.push(incoming);
    response.end("upstream");
  });
  let cookie: string;
  /** Answers the status, and the headers that the upstream saw (null = it saw nothing). */
  async function ask(lines: readonly string[]) {
    const before = seen.length;
    const port = stackFile().ports.dashboard ?? 0;
    const head = [`GET /upstream HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...lines, "Connection: close", "", ""];
    const answer = await sendRaw(port, head.join("\r\n"), true);
    const raw = seen.length > before ? (seen.at(-1)?.rawHeaders ?? []) : null;
    const pairs = raw?.flatMap((name, i) => (i % 2 ? [] : [[name.toLowerCase(), raw[i + 1] ?? ""] as const]));
    return { status: Number(answer.slice(9, 12)), headers: pairs ? new Map(pairs) : null };
  }

  beforeAll(async () => {
    cookie = await ownerCookie();
    upstream.listen(0, "127.0.0.1");
    await once(upstream, "listening");
    const router = {
      entryPoints: ["dashboard"],
      rule: "PathPrefix(`/upstream`)",
      priority: 5_000,
      middlewares: ["forward-auth@file"],
      service: "upstream",
      tls: {},
    };
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    const services = { upstream: { loadBalancer: { servers: [{ url }] } } };
    writeFileSync(file(), JSON.stringify({ http: { routers: { upstream: router }, services } }));
    await eventually(
      "Traefik to take the route",
      async () => (await ask([`Cookie: ${cookie}`])).status === 200,
    );
  });
  afterAll(() => {
    rmSync(file(), { force: true });
    upstream.close();
    upstream.closeAllConnections();
  });

  it("never sees our cookie or a token, and learns who asks from us alone", async () => {
    const forged = [
      "Remote-User: eve",
      "Remote-Groups: eve",
      "Remote-Email: eve@evil.test",
      "Remote-Jwt: eve",
    ];
    const { headers } = await ask([`Cookie: a=1; ${cookie}; b=2`, ...forged]);
    expect(headers?.get("cookie")).toBe("a=1; b=2");
    expect(headers?.get("remote-user")).toBe("owner");
    expect(headers?.get("remote-groups")).toBe("owner");
    expect(headers?.has("remote-jwt")).toBe(false);
    expect(headers?.has("remote-email")).toBe(false);
    expect(JSON.stringify([...(headers ?? [])])).not.toContain(cookie.split("=")[1]);
  });

  it.each(["Remote_User", "Remote.User", "remote~user", "Remote*User", "REMOTE-USER"])(
    "is not told another name by %s",
    async (alias) => {
      const { headers } = await ask([`Cookie: ${cookie}`, `${alias}: eve`]);
      expect([...(headers?.values() ?? ["eve"])]).not.toContain("eve");
    },
  );

  it("keeps what we set when Connection names it, and is not reached when it names the cookie", async () => {
    const names =
      "Connection: Remote-User, Remote-Groups, X-Forwarded-Host, X-Forwarded-Uri, X-Forwarded-Method";
    expect((await ask([`Cookie: ${cookie}`, names])).headers?.get("remote-user")).toBe("owner");
    expect(await ask([`Cookie: ${cookie}`, "Connection: Cookie"])).toMatchObject({
      status: 401,
      headers: null,
    });
  });

  it.each([
    ["two session cookies", (good: string) => [`Cookie: __Host-causeway=x; ${good}`]],
    ["an empty Authorization beside the cookie", (good: string) => ["Authorization:", `Cookie: ${good}`]],
    ["a cookie of another name", (good: string) => [`Cookie: ${good.toLowerCase()}`]],
    ["identity headers only", () => ["Remote-User: owner", "Remote-Groups: owner"]],
  ])("is not reached with %s", async (_what, lines) => {
    expect(await ask(lines(cookie))).toMatchObject({ status: 401, headers: null });
  });
});

describe("secrets", () => {
  it("in addresses stand in no log, also without https and under another name", async () => {
    const { user } = await addPerson();
    const token = user.subscriptionUrl.split("/").at(-1) ?? "";
    const invite = user.invite?.url.split("/").at(-1) ?? "";
    const { ports } = stackFile();
    for (const host of ["127.0.0.1", "another.test"]) {
      for (const path of [`/sub/${token}`, `/invite/${invite}`, `/api/v1/invites/${invite}`]) {
        const text = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
        await sendRaw(ports.https ?? 0, text, true);
        await sendRaw(ports.http ?? 0, text, false);
      }
    }
    await request(`${stackFile().panelUrl}/login`);
    await eventually("the access log to be written", () =>
      readStream("traefik-access.log").some((line) => line.includes('"RequestPath":"/login"')),
    );
    expect(findInLogs({ token, invite })).toEqual([]);
  });

  it("stand in no log, environment or command line, and in no file that others can read", async () => {
    const { user, cookie, password } = await addPerson();
    const files = readdirSync(inData("secrets")).map((name) =>
      readFileSync(inData("secrets", name), "utf8").trim(),
    );
    const keys = readdirSync(inData("pki")).filter((name) => name.endsWith(".key"));
    const secrets = [
      ...files,
      ...keys.map((name) => readFileSync(inData("pki", name), "utf8").split("\n")[1] ?? ""),
      user.proxy.password,
      user.vlessLinks[0]?.slice(8, 44) ?? "",
      password,
      cookie.split("=")[1] ?? "",
      cliToken(),
    ];
    expect(secrets.every((secret) => secret.length > 15)).toBe(true);
    const places = Object.values(stackFile().pids)
      .flatMap((pid) => [`/proc/${pid}/environ`, `/proc/${pid}/cmdline`])
      .map((name) => ({ name, text: readFileSync(name, "latin1") }));
    for (const { name, text } of [...readLogFiles(), ...places])
      expect(secrets.filter((secret) => text.includes(secret)).length, name).toBe(0);
    for (const name of ["secrets", "logs", "node", "proxy-auth", "redis", "run", "traefik"])
      expect(statSync(inData(name)).mode & 0o077, name).toBe(0);
    for (const name of keys) expect(statSync(inData("pki", name)).mode & 0o077, name).toBe(0);
  });
});

describe("our own listeners", () => {
  it("are reached through no door, however they are written", async () => {
    const user = await addUser();
    const tunnel = await startXrayClient(user.vlessLinks[0] ?? "");
    const port = stackFile().ports["web-internal"];
    const hosts = ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1"];
    const doors = [through.http(user), through.socks(user), through.vpn(tunnel.socksPort)];
    const attempts = doors.flatMap((door) =>
      hosts.map((host) =>
        curl([...door, "--max-time", "3", "--path-as-is", `http://${host}:${port}/metrics`]),
      ),
    );
    for (const result of await Promise.all(attempts)) expect(result.body).not.toContain("causeway_");
    await tunnel.stop();
  });

  it("believe no PROXY header that a client sends", async () => {
    const header = Buffer.from("0d0a0d0a000d0a515549540a2111000c090909097f000001000003e8", "hex").toString(
      "latin1",
    );
    const { ports } = stackFile();
    expect(await sendRaw(ports["http-proxy"] ?? 0, `${header}GET http://x/ HTTP/1.1\r\n\r\n`, false)).toMatch(
      /^HTTP\/1.1 400 /,
    );
    expect(await sendRaw(ports["socks-proxy"] ?? 0, `${header}\x05\x01\x02`, false)).toBe("");
    expect(readStream("proxy-auth.log").join("\n")).not.toContain("9.9.9.9");
  });
});
