import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect as connectPlain } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { logPageSchema } from "#lib/schemas/log.ts";
import { curl, startXrayClient } from "./clients.ts";
import { findInLogs, readLogFiles, readStream, totalLogBytes } from "./log-files.ts";
import {
  addPerson,
  api,
  eventually,
  originUrl,
  request,
  signIn,
  stackFile,
  through,
  vpn,
  vpnJson,
} from "./product.ts";

const inData = (...parts: string[]) => join(inject("stack").dataDir, ...parts);
const secretFile = (name: string) => readFileSync(inData("secrets", name), "utf8").trim();
const port = (name: string) => stackFile().ports[name] ?? 0;

/** Bytes as they are; nobody waits for an answer longer than a second. */
function send(to: number, text: string | Buffer, isTls = false): Promise<void> {
  const socket = isTls
    ? connectTls({ port: to, host: "127.0.0.1", rejectUnauthorized: false })
    : connectPlain(to, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(text);
  return new Promise((resolve) => {
    socket.on("data", () => {});
    socket.on("close", () => resolve());
    socket.setTimeout(1_000, () => socket.destroy());
  });
}

const head = (line: string, host: string, headers: string[] = []) =>
  [line, `Host: ${host}`, ...headers, "Connection: close", "", ""].join("\r\n");

/** Web and Traefik have written what was asked before, and the agent has read Xray's lines. */
async function settle(): Promise<void> {
  const response = await api("/nodes");
  const id = response.headers.get("x-request-id") ?? "";
  await eventually("the logs to hold the last request", () =>
    ["web.log", "traefik-access.log"].every((name) => readStream(name).some((line) => line.includes(id))),
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
}

describe("secrets", () => {
  let secrets: Record<string, string>;
  let person: Awaited<ReturnType<typeof addPerson>>;

  beforeAll(async () => {
    person = await addPerson();
    const { user, password, cookie } = person;
    const invite = await vpnJson<{ url: string }>("user", "invite", user.name);
    const created = await request(`${stackFile().apiUrl}/tokens`, {
      method: "POST",
      headers: { cookie, origin: new URL(stackFile().panelUrl).origin, "content-type": "application/json" },
      body: JSON.stringify({ name: "e2e", scopes: ["read", "forward-auth"] }),
    });
    const { token } = (await created.json()) as { token: string };
    const xray = JSON.parse(readFileSync(inData("node", "xray.json"), "utf8")) as {
      inbounds: { streamSettings: { realitySettings: { privateKey: string } } }[];
    };
    const strangerId = randomUUID();
    secrets = {
      "panel password": password,
      "proxy password": user.proxy.password,
      "session cookie": cookie.split("=")[1] ?? "",
      "API token": token,
      "Basic header": Buffer.from(`${user.name}:${token}`).toString("base64"),
      "Basic header of the proxy": Buffer.from(`${user.name}:${user.proxy.password}`).toString("base64"),
      "subscription token": user.subscriptionUrl.split("/").at(-1) ?? "",
      "invite token": invite.url.split("/").at(-1) ?? "",
      "VLESS id": user.vlessLinks[0]?.slice(8, 44) ?? "",
      "stranger's VLESS id": strangerId,
      "Reality private key": xray.inbounds[0]?.streamSettings.realitySettings.privateKey ?? "",
      "master key": secretFile("master-key"),
      "internal token": secretFile("proxy-auth-token"),
      "database password": secretFile("postgres-password"),
      "Redis password": secretFile("redis-password-web"),
      "CLI token": secretFile("cli.token"),
    };
    for (const [kind, value] of Object.entries(secrets)) expect(value.length, kind).toBeGreaterThan(15);
  });

  it("stand in no log file, whatever is asked of whom, and however wrongly", async () => {
    const { user } = person;
    const { panelUrl } = stackFile();
    const host = new URL(panelUrl).host;
    const asked: Promise<unknown>[] = [];
    const longWords = ["subscription token", "invite token", "API token", "session cookie", "internal token"];
    for (const [kind, value] of Object.entries(secrets)) {
      const headers = [
        `Authorization: Bearer ${value}`,
        `Cookie: __Host-causeway=${value}; next-auth.session-token=${value}`,
        `Proxy-Authorization: Basic ${Buffer.from(`ada:${value}`).toString("base64")}`,
        `X-Request-Id: ${value}`,
        `Referer: ${panelUrl}/sub/${value}`,
      ];
      const paths = [
        `/sub/${value}`,
        `/SUB/${value}`,
        `//sub/${value}`,
        `/%73ub/${value}?format=mihomo`,
        `/invite/${value}`,
        `/api/v1/invites/${value}`,
        `/login?next=${value}&token=${value}`,
        `/api/v1/users?query=${value}`,
        `/api/v1/logs?text=${value}`,
        ...(longWords.includes(kind)
          ? [`/pac/${value}`, `/nothing/${value}/x`, `/api/v1/users/${value}`]
          : []),
      ];
      for (const path of paths) {
        for (const name of [host, "another.test"]) {
          asked.push(send(port("https"), head(`GET ${path} HTTP/1.1`, name, headers), true));
          asked.push(send(port("http"), head(`GET ${path} HTTP/1.1`, name, headers)));
          asked.push(send(port("dashboard"), head(`GET ${path} HTTP/1.1`, name, headers), true));
        }
      }
      for (const to of ["https", "dashboard"])
        for (const line of [`GET /sub/${value}`, `BAD ${value} HTTP/9`, `GET /x HTTP/1.1\r\nBad ${value}`])
          asked.push(send(port(to), head(line, host, headers), true));
      for (const to of ["controller", "forward-auth", "web-internal", "agent-health", "web", "prometheus"])
        asked.push(send(port(to), head(`GET /internal/users/by-name/${value} HTTP/1.1`, "x", headers)));
      asked.push(send(port("agent"), head(`GET /v1/${value} HTTP/1.1`, "x", headers), true));
      asked.push(send(port("redis"), `AUTH web ${value}\r\nGET ${value}\r\n`));
      // From an address of its own: its sign-ins will be throttled.
      const login = ["--interface", "127.0.0.9", "-k", "-H", `Origin: ${new URL(panelUrl).origin}`];
      for (const body of [{ name: user.name, password: value }, { name: value, password: "x" }, value]) {
        const json = ["-H", "Content-Type: application/json", "-d", JSON.stringify(body)];
        asked.push(curl([...login, ...json, `${stackFile().apiUrl}/session`]));
      }
      asked.push(api(`/users/${user.name}/rotate`, { method: "POST", body: { only: value } }));
      const [http, socks] = [`127.0.0.1:${port("http-proxy")}`, `127.0.0.1:${port("socks-proxy")}`];
      for (const name of [user.name, encodeURIComponent(value)]) {
        asked.push(
          curl(["-x", `http://${name}:${encodeURIComponent(value)}@${http}`, originUrl("http", "/")]),
        );
        asked.push(
          curl(["-x", `socks5h://${name}:${encodeURIComponent(value)}@${socks}`, originUrl("http", "/")]),
        );
      }
      asked.push(send(port("http-proxy"), head(`GET http://a:${value}@127.0.0.1:1/ HTTP/1.1`, "x", headers)));
      asked.push(send(port("http-proxy"), `CONNECT ${value} HTTP/1.1\r\n${value}\r\n\r\n`));
      asked.push(send(port("socks-proxy"), `\x05\x01${value}`));
      // So many at once that all are busy, not so many that nobody answers.
      if (asked.length > 150) await Promise.all(asked.splice(0));
    }
    await Promise.all(asked);
    const ofStranger = (user.vlessLinks[0] ?? "").replace(
      secrets["VLESS id"] ?? "",
      secrets["stranger's VLESS id"] ?? "",
    );
    const wrongTunnel = await startXrayClient(ofStranger);
    await curl(["--max-time", "3", ...through.vpn(wrongTunnel.socksPort), originUrl("http", "/")]);
    await wrongTunnel.stop();
    await settle();
    expect(findInLogs(secrets)).toEqual([]);
    const rejected = readStream("node-agent.log").filter((line) => line.includes("Xray rejected"));
    expect(rejected.length, "the stranger was heard of").toBeGreaterThan(0);
  }, 240_000);
});

describe("what people visit", () => {
  it("stands in no log file, of any program, by default", async () => {
    const { user } = await addPerson();
    const tunnel = await startXrayClient(user.vlessLinks[0] ?? "");
    const word = `hidden${randomBytes(6).toString("hex")}`;
    const targets = [
      originUrl("http", `/${word}`),
      originUrl("https", `/${word}`),
      `http://${word}.invalid/`,
      "http://203.0.113.77:7777/",
      "http://[2001:db8::77]:7777/",
    ];
    const doors = [through.http(user), through.socks(user), through.vpn(tunnel.socksPort)];
    await Promise.all(doors.flatMap((door) => targets.map((url) => curl([...door, "--max-time", "3", url]))));
    await tunnel.stop();
    await settle();
    const { httpPort, httpsPort } = inject("stack");
    expect(
      findInLogs({
        path: word,
        "the origin's port": `:${httpPort}`,
        "the origin's TLS port": `:${httpsPort}`,
        IPv4: "203.0.113.77",
        IPv6: "2001:db8::77",
      }),
    ).toEqual([]);
  });
});

describe("reading", () => {
  it("one request id finds Traefik's line and web's, by API and by CLI", async () => {
    const id = (await api("/users?limit=1")).headers.get("x-request-id") ?? "";
    await settle();
    const page = logPageSchema.parse(await (await api(`/logs?requestId=${id}`)).json());
    expect(page.items.map(({ program }) => program).toSorted()).toEqual(["traefik", "web"]);
    const { stdout } = await vpn("logs", "--request-id", id);
    expect(stdout).toMatch(/web +GET \/api\/v1\/users 200/);
    expect(stdout).toMatch(/traefik +GET \/api\/v1\/users 200/);
    const programs = await vpn("logs", "nonsense");
    for (const name of [
      "web",
      "controller",
      "proxy-auth",
      "node-agent",
      "traefik",
      "postgres",
      "redis",
      "xray",
    ])
      expect(programs.stderr).toContain(name);
  });

  it("the stream sends a line within two seconds, and ends with the session", async () => {
    const { ready } = inject("stack");
    const cookie = await signIn(ready.owner.name, ready.owner.password ?? "");
    const response = await request(`${stackFile().apiUrl}/logs/stream?program=web`, { headers: { cookie } });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    let text = "";
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    })().catch((error: Error) => {
      text += error.message;
    });
    await eventually("the stream to open", () => text.includes(": open"));
    await new Promise((resolve) => setTimeout(resolve, 600));
    const id = (await api("/nodes")).headers.get("x-request-id") ?? "none";
    await eventually("the line to come", () => text.includes(id), 2_000);
    await request(`${stackFile().apiUrl}/session`, {
      method: "DELETE",
      headers: { cookie, origin: new URL(stackFile().panelUrl).origin, "content-type": "application/json" },
      body: "{}",
    });
    await eventually("the stream to end", () => text.includes("event: end"));
    await reading;
  });
});

describe("rotation under load", () => {
  it("loses and doubles no line of web's or Traefik's, and keeps the total below its cap", async () => {
    const ids: string[] = [];
    const files = () =>
      readLogFiles().flatMap(({ name }) => (/^(web|traefik-access)\.log\./.test(name) ? [name] : []));
    const before = new Set(files());
    const work = async () => {
      while (ids.length < 1_500) ids.push((await api("/nodes")).headers.get("x-request-id") ?? "");
    };
    await Promise.all(Array.from({ length: 16 }, work));
    await settle();
    expect(files().filter((name) => !before.has(name)).length, "files put aside meanwhile").toBeGreaterThan(
      0,
    );
    for (const [stream, pattern] of [
      ["web.log", /"requestId":"([^"]+)"/],
      ["traefik-access.log", /"downstream_X-Request-Id":"([^"]+)"/],
    ] as const) {
      const counts = new Map<string, number>();
      for (const line of readStream(stream)) {
        const id = pattern.exec(line)?.[1] ?? "";
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      expect(ids.filter((id) => counts.get(id) !== 1).length, stream).toBe(0);
    }
    expect(totalLogBytes()).toBeLessThan(7_000_000);
  }, 240_000);
});

describe("cost", () => {
  const COUNT = 300;
  /** Bytes of log for 1 000 of these. */
  async function measure(what: string, one: () => Promise<unknown>): Promise<number> {
    await settle();
    const before = totalLogBytes();
    let left = COUNT;
    const work = async () => {
      while (left-- > 0) await one();
    };
    await Promise.all(Array.from({ length: 8 }, work));
    await settle();
    const bytes = Math.round(((totalLogBytes() - before) * 1_000) / COUNT);
    console.info(`log volume, ${what}: ${Math.round(bytes / 1_000)} kB for 1 000 requests`);
    return bytes;
  }

  it("a thousand requests cost less than a megabyte of log, a thousand tunnels nearly nothing", async () => {
    const { user } = await addPerson();
    const credentials = Buffer.from(`${user.name}:${user.proxy.password}`).toString("base64");
    const target = new URL(originUrl("http", "/")).host;
    const connect = () =>
      send(
        port("http-proxy"),
        `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\nProxy-Authorization: Basic ${credentials}\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
    const dashboard = `https://127.0.0.1:${port("dashboard")}/api/version`;
    const { name, password } = inject("stack").ready.owner;
    const headers = { cookie: await signIn(name, password ?? "") };
    expect(await measure("API", () => api("/nodes"))).toBeLessThan(1_000_000);
    expect(await measure("ForwardAuth", () => request(dashboard, { headers }))).toBeLessThan(1_000_000);
    expect(await measure("CONNECT", connect)).toBeLessThan(50_000);
  }, 240_000);
});
