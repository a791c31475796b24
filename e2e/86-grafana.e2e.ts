import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { chromium } from "@playwright/test";
import jsonwebtoken, { type JwtPayload } from "jsonwebtoken";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { freePort, waitForPort } from "./clients.ts";
import { DashboardStand, GrafanaCheck } from "./grafana-stand.ts";
import { addPerson, eventually, originUrl, request, signIn, stackFile } from "./product.ts";

const browser = { accept: "text/html,application/xhtml+xml" };

describe("/grafana and /jaeger behind ForwardAuth", () => {
  const stand = new DashboardStand();
  let owner: string;
  let person: string;

  beforeAll(async () => {
    const { name, password } = inject("stack").ready.owner;
    owner = await signIn(name, password ?? "");
    person = (await addPerson()).cookie;
    await stand.start(owner);
  });
  afterAll(() => stand.stop());

  it("send people to the panel's login, show others who they are, and let operators in", async () => {
    for (const path of ["/grafana", "/grafana/d/causeway-overview", "/jaeger/search"]) {
      const stranger = await stand.ask(path, null, browser);
      expect(stranger).toMatchObject({ status: 302, seen: null });
      expect(stranger.headers.get("location")).toContain(
        `/login?next=${encodeURIComponent(stackFile().panelUrl + path)}`,
      );
      expect(await stand.ask(path, null)).toMatchObject({ status: 401, seen: null });
      const refused = await stand.ask(path, person, browser);
      expect(refused).toMatchObject({ status: 403, seen: null });
      expect(refused.body).toContain("signed in as");
      expect((await stand.ask(path, owner)).seen?.url).toBe(path);
    }
    // Not the tools' own metrics, and nothing beside them.
    for (const path of ["/grafana/metrics", "/grafanax", "/jaeger/api/ai/mcp"])
      expect(await stand.ask(path, owner)).toMatchObject({ status: 404, seen: null });
  });

  it("give Grafana a token that another library accepts as Grafana would, and Jaeger none", async () => {
    const check = new GrafanaCheck();
    const claims = await check.verify(await stand.token(owner));
    const me = (await (
      await request(`${stackFile().apiUrl}/me`, { headers: { cookie: owner } })
    ).json()) as JwtPayload;
    expect(claims).toMatchObject({
      iss: stackFile().panelUrl,
      aud: "grafana",
      sub: me.id,
      name: me.name,
      role: "owner",
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60);
    expect((claims.exp ?? 0) * 1_000 - Date.now()).toBeGreaterThan(25_000);
    const { seen } = await stand.ask("/jaeger/search", owner);
    expect(seen?.headers).toMatchObject({ "remote-user": me.name });
    expect(seen?.headers).not.toHaveProperty("remote-jwt");
  });

  it("give tokens that are refused when changed, late, for another, or signed by another", async () => {
    const check = new GrafanaCheck();
    const token = await stand.token(owner);
    await check.verify(token);
    const [head = "", body = "", signature = ""] = token.split(".");
    const claims = jsonwebtoken.decode(token) as JwtPayload;
    const kid = jsonwebtoken.decode(token, { complete: true })?.header.kid ?? "";
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const published = (await (await request(`${stackFile().apiUrl}/jwks.json`)).text()).slice(0, 200);
    const forged: Record<string, string> = {
      "another role": [head, encode({ ...claims, name: "eve" }), signature].join("."),
      "no signature": `${head}.${body}.`,
      "no algorithm": `${encode({ alg: "none", typ: "JWT", kid })}.${body}.`,
      "the public key as a secret": jsonwebtoken.sign(claims, published, { algorithm: "HS256", keyid: kid }),
      "another key under the same kid": jsonwebtoken.sign(claims, privateKey, {
        algorithm: "ES256",
        keyid: kid,
      }),
      "a key nobody published": jsonwebtoken.sign(claims, privateKey, { algorithm: "ES256", keyid: "x" }),
    };
    for (const [what, text] of Object.entries(forged))
      await expect(check.verify(text), what).rejects.toThrow(/signature|algorithm|no key|malformed/);
    await expect(check.verify(token, "jaeger")).rejects.toThrow(/audience/);
    const late = { ...claims, exp: Math.floor(Date.now() / 1_000) - 1 };
    await expect(check.verify([head, encode(late), signature].join("."))).rejects.toThrow();
  });

  it("never pass on who a client says it is, under any name, also where we say nothing", async () => {
    const forged = {
      "Remote-Jwt": "eve",
      "Remote-User": "eve",
      "Remote-Email": "eve",
      "Remote-Anything": "eve",
      "X-JWT-Assertion": "eve",
      "X-WEBAUTH-USER": "eve",
      "X-Webauth-Role": "eve",
      "X-Forwarded-User": "eve",
      "X-Forwarded-Email": "eve",
      "X-Forwarded-Groups": "eve",
      "X-Auth-Request-User": "eve",
      "X-Authentik-Username": "eve",
      "X-Remote-User": "eve",
      Remote_Jwt: "eve",
      "Remote.Jwt": "eve",
      X_WEBAUTH_USER: "eve",
      "X.Webauth.User": "eve",
      X_JWT_Assertion: "eve",
    };
    for (const path of ["/grafana/api/user", "/jaeger/api/services"]) {
      const { status, seen } = await stand.ask(path, owner, forged);
      expect(status).toBe(200);
      expect(
        seen?.rawHeaders.filter((value) => value === "eve"),
        path,
      ).toEqual([]);
      expect(seen?.rawHeaders.join(" ")).not.toContain(owner.split("=")[1]);
      expect(seen?.headers).not.toHaveProperty("authorization");
      expect(await stand.ask(path, null, forged)).toMatchObject({ status: 401, seen: null });
    }
  });

  it("take the audience from Traefik's configuration, not from the client", async () => {
    const check = new GrafanaCheck();
    const token = await stand.token(owner, "/grafana/?audience=jaeger&audience=panel");
    expect((await check.verify(token)).aud).toBe("grafana");
    const { seen } = await stand.ask("/jaeger/?audience=grafana", owner, {
      "X-Forwarded-Uri": "/forward-auth?audience=grafana",
      "X-Original-Url": "/grafana/",
    });
    expect(seen?.headers).not.toHaveProperty("remote-jwt");
  });

  it("are framed by the panel alone, and the panel frames only them", async () => {
    const grafana = await stand.ask("/grafana/", owner);
    expect(grafana.headers.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(grafana.headers.get("x-content-type-options")).toBe("nosniff");
    const jaeger = await stand.ask("/jaeger/", owner);
    expect(jaeger.headers.get("content-security-policy")).toContain("frame-ancestors 'self'");
    const { panelUrl } = stackFile();
    const page = await request(`${panelUrl}/observability/grafana`, {
      headers: { ...browser, cookie: owner },
    });
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain(`frame-src ${panelUrl}/grafana/ ${panelUrl}/jaeger/;`);
    expect(await page.text()).toContain("Grafana");
    expect(
      (await request(`${panelUrl}/observability/grafana`, { headers: { ...browser, cookie: person } }))
        .status,
    ).toBe(403);
  });

  it("show in a real browser's frame on the panel's page, and no other page does", async () => {
    const browserProcess = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu"],
    });
    try {
      const context = await browserProcess.newContext({ ignoreHTTPSErrors: true });
      const [name = "", value = ""] = owner.split("=");
      const { panelUrl } = stackFile();
      await context.addCookies([
        { name, value, url: panelUrl, secure: true, httpOnly: true, sameSite: "Lax" },
      ]);
      const page = await context.newPage();
      await page.goto(`${panelUrl}/observability/grafana`);
      // This stack has no Grafana: the page says how to get one.
      await page.getByText("docker compose --profile monitoring up -d").waitFor();
      const answer = { json: { state: "up", version: "13.1.0" } };
      await page.route("**/api/v1/grafana", (route) => route.fulfill(answer));
      await page.goto(`${panelUrl}/observability/grafana?range=7d`);
      await page.frameLocator('iframe[title="Grafana: Overview"]').getByText("grafana").waitFor();
      await page.getByLabel("Dashboard").selectOption("doors");
      await page.frameLocator('iframe[title="Grafana: Doors"]').getByText("grafana").waitFor();
      expect(new URL(page.url()).searchParams.get("dashboard")).toBe("doors");
      expect(stand.seen.at(-1)?.url).toMatch(
        /^\/grafana\/d\/causeway-doors\?from=now-7d&to=now&theme=(light|dark)&kiosk=true/,
      );
      answer.json.state = "down";
      await page.getByText("Grafana does not answer").waitFor({ timeout: 60_000 });
      const shows = async (src: string, text: string) => {
        await page.evaluate((address) => {
          const element = document.createElement("iframe");
          element.src = address;
          document.body.append(element);
        }, src);
        await eventually(`${text} in a frame of ${src}`, async () => {
          const content = page
            .frames()
            .at(-1)
            ?.evaluate(() => document.documentElement.textContent);
          return (await content?.catch(() => null))?.includes(text) ?? false;
        });
      };
      await shows("/grafana/d/causeway-overview?kiosk=true", "grafana");
      await shows("/jaeger/search", "jaeger");
      await shows("/users", "ERR_BLOCKED_BY_CSP");
      await shows(originUrl("http", "/bytes/5"), "ERR_BLOCKED_BY_CSP");
    } finally {
      await browserProcess.close();
    }
  });

  it("carry WebSockets (Grafana Live), with the same sign-in", async () => {
    const open = (cookie: string | null): Promise<string> => {
      const { hostname, host } = new URL(stackFile().panelUrl);
      const port = stackFile().ports.https ?? 443;
      const socket = connect({ host: hostname, port, ca: readFileSync(stackFile().caFile) });
      const lines = [
        "GET /grafana/api/live/ws HTTP/1.1",
        `Host: ${host}`,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ...(cookie === null ? [] : [`Cookie: ${cookie}`]),
      ];
      socket.write(`${lines.join("\r\n")}\r\n\r\n`);
      return new Promise((resolve) => {
        let text = "";
        socket.on("data", (chunk) => {
          text += chunk.toString();
          if (text.endsWith("\r\n\r\n") && text.startsWith("HTTP/1.1 101")) socket.write("ping");
          if (text.endsWith("ping") || !text.startsWith("HTTP/1.1 101")) socket.destroy();
        });
        socket.on("close", () => resolve(text));
        socket.on("error", () => {});
        socket.setTimeout(20_000, () => socket.destroy());
      });
    };
    expect(await open(owner)).toMatch(/^HTTP\/1.1 101 [\s\S]*ping$/);
    expect(stand.seen.at(-1)?.headers["remote-jwt"]).toBeTruthy();
    expect(await open(null)).toMatch(/^HTTP\/1.1 401 /);
  });

  describe("with proxy-auth's processes coming and going", () => {
    it("every token that is let through checks, before and after a kill -9", async () => {
      const check = new GrafanaCheck();
      const first = await stand.token(owner);
      await check.verify(first);
      const published = async () =>
        ((await (await request(`${stackFile().apiUrl}/jwks.json`)).json()) as { keys: { kid: string }[] })
          .keys;
      const before = (await published()).map(({ kid }) => kid);
      process.kill(stackFile().pids["proxy-auth"] ?? 0, "SIGKILL");
      const kidOf = (token: string) => jsonwebtoken.decode(token, { complete: true })?.header.kid;
      const statuses = new Set<number>();
      await eventually(
        "a token of the new process",
        async () => {
          const { status, seen } = await stand.ask("/grafana/", owner, browser);
          statuses.add(status);
          if (status !== 200) return false;
          const token = String(seen?.headers["remote-jwt"]);
          await check.verify(token);
          return !before.includes(kidOf(token) ?? "");
        },
        60_000,
      );
      // Nobody is sent to a login or told no while it starts.
      for (const status of [302, 401, 403]) expect(statuses).not.toContain(status);
    });

    it("two replicas sign with keys of their own, and one key set holds both", async () => {
      const running = readFileSync(`/proc/${stackFile().pids["proxy-auth"]}/environ`, "utf8");
      const environment = Object.fromEntries(
        running.split("\0").flatMap((line) => (line.includes("=") ? [line.split(/=(.*)/s).slice(0, 2)] : [])),
      );
      const [port, http, socks] = [await freePort(), await freePort(), await freePort()];
      const directory = mkdtempSync(join(tmpdir(), "second-proxy-auth-"));
      const second = spawn(process.execPath, ["server/proxy-auth/main.ts"], {
        env: {
          ...environment,
          STATE_DIR: directory,
          LOG_DIR: directory,
          PROXY_AUTH_WORKERS: "1",
          FORWARD_AUTH_PORT: String(port),
          FORWARD_AUTH_TLS_PORT: String(await freePort()),
          HTTP_PROXY_LISTEN_PORT: String(http),
          SOCKS_PROXY_LISTEN_PORT: String(socks),
        },
        stdio: "ignore",
      });
      onTestFinished(() => {
        second.kill("SIGKILL");
        rmSync(directory, { recursive: true, force: true });
      });
      await waitForPort(port, 60_000);
      const { host } = new URL(stackFile().panelUrl);
      const ask = async () => {
        const response = await request(`http://127.0.0.1:${port}/forward-auth?audience=grafana`, {
          headers: {
            cookie: owner,
            "x-forwarded-method": "GET",
            "x-forwarded-proto": "https",
            "x-forwarded-host": host,
            "x-forwarded-uri": "/grafana/",
          },
        });
        await response.text();
        return response;
      };
      await eventually(
        "the second replica's key to be known",
        async () => (await ask()).status === 200,
        60_000,
      );
      const check = new GrafanaCheck();
      const tokens = [await stand.token(owner), (await ask()).headers.get("remote-jwt") ?? ""];
      const kids = tokens.map((token) => jsonwebtoken.decode(token, { complete: true })?.header.kid);
      expect(new Set(kids).size).toBe(2);
      for (const token of tokens) await check.verify(token);
    });
  });
});
