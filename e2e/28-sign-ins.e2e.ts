import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GuardedSite } from "./guarded-site.ts";
import { readStream } from "./log-files.ts";
import { addPerson, eventually, request, signIn, stackFile } from "./product.ts";

/** Sign-ins, answers and sizes of docs/forward-auth-attacks.md through the real Traefik: never a 5xx. */
let site: GuardedSite;
let bearer: string;
const browser = "Accept: text/html,application/xhtml+xml";

beforeAll(async () => {
  site = new GuardedSite();
  bearer = await site.open();
});
afterAll(() => site.close());

describe("size and number", () => {
  it("large and many headers are read or refused in words", async () => {
    const many = Array.from({ length: 200 }, (_, i) => `X-${i}: ${i}`);
    expect((await site.attack("GET", "/page", [...many, bearer])).status).toBe(200);
    for (const kilobytes of [16, 64, 90, 104, 140, 300, 900, 1_100]) {
      const large = `X-Large: ${"x".repeat(kilobytes * 1024)}`;
      const { status } = await site.attack("GET", "/page", [large, bearer]);
      // Traefik takes 48 KiB, and a little more.
      expect([kilobytes, status]).toEqual([kilobytes, kilobytes < 48 ? 200 : 431]);
    }
    for (const kilobytes of [9, 60, 200, 1_100])
      expect(
        (await site.attack("GET", `/page/${"x".repeat(kilobytes * 1024)}`, [bearer])).status,
      ).toBeLessThan(500);
  });

  it("a body streams to the site while it is still being sent", async () => {
    const socket = site.connect();
    const before = site.receivedBytes;
    socket.write(`POST /page HTTP/1.1\r\nHost: ${site.host}\r\n${bearer}\r\nContent-Length: 2000000\r\n\r\n`);
    // More than the buffers on the way hold back.
    socket.write("x".repeat(50_000));
    await eventually("the first part to arrive", () => site.receivedBytes > before);
    socket.destroy();
  });

  it("a page's burst and a storm of guesses cost nobody an answer", async () => {
    const visit = () => site.attack("GET", "/page", [bearer]);
    // Known to every process from here on.
    await Promise.all(Array.from({ length: 30 }, visit));
    const guesses = Array.from({ length: 200 }, (_, i) =>
      site.ask("GET", "/page", [`Authorization: Bearer cwy_${String(i).padStart(43, "a")}`]),
    );
    const page = Array.from({ length: 50 }, visit);
    expect((await Promise.all(page)).map(({ status }) => status)).toEqual(Array(50).fill(200));
    // 503: nobody had time for this one within a second.
    for (const { status } of await Promise.all(guesses)) expect([401, 429, 503]).toContain(status);
  });
});

describe("sign-ins", () => {
  const dashboard = () => `https://127.0.0.1:${stackFile().ports.dashboard}/dashboard/`;
  const visit = (cookie: string) => request(dashboard(), { headers: { accept: "text/html", cookie } });

  it("get an id of their own each time, with all flags, and take none that the client brought", async () => {
    const { user, password } = await addPerson();
    const { apiUrl, panelUrl } = stackFile();
    const made = `__Host-causeway=${"A".repeat(43)}`;
    const headers = { "content-type": "application/json", origin: new URL(panelUrl).origin, cookie: made };
    const lines = await Promise.all(
      [1, 2].map(async () => {
        const body = JSON.stringify({ name: user.name, password });
        const response = await request(`${apiUrl}/session`, { method: "POST", headers, body });
        return response.headers.getSetCookie().find((line) => line.startsWith("__Host-causeway=")) ?? "";
      }),
    );
    for (const line of lines) {
      expect(line).toMatch(/^__Host-causeway=[\w-]{43}; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/);
      expect(line).not.toMatch(/domain/i);
    }
    expect(new Set([...lines.map((line) => line.split(";")[0]), made]).size).toBe(3);
    expect((await visit(made)).status).toBe(302);
  });

  it("end at ForwardAuth too when the password is changed, and the account's when it is disabled", async () => {
    const { user, password, cookie } = await addPerson();
    const kept = await signIn(user.name, password);
    expect([(await visit(cookie)).status, (await visit(kept)).status]).toEqual([403, 403]);
    const { apiUrl, panelUrl } = stackFile();
    const changed = await request(`${apiUrl}/users/me/password`, {
      method: "POST",
      headers: { cookie: kept, origin: new URL(panelUrl).origin, "content-type": "application/json" },
      body: JSON.stringify({ currentPassword: password, newPassword: `${password}-new` }),
    });
    expect(changed.status).toBe(204);
    await eventually("the other session to end", async () => (await visit(cookie)).status === 302);
    expect((await visit(kept)).status).toBe(403);
  });

  it("are told to programs and browsers as they understand it, and kept by no cache", async () => {
    const program = await site.attack("GET", "/page", ["Accept: application/json"]);
    expect([program.status, program.headers.get("content-type")]).toEqual([401, "application/problem+json"]);
    const script = await site.attack("GET", "/page", [browser, "X-Requested-With: XMLHttpRequest"]);
    expect(script.headers.get("www-authenticate")).toMatch(/^Bearer /);
    const page = await site.attack("GET", "/page", [browser]);
    expect(page.status).toBe(302);
    expect((await site.attack("POST", "/page", [browser, "Content-Length: 0"])).status).toBe(401);
    for (const { headers } of [program, script, page]) {
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("vary")).toBe("Cookie, Authorization, Accept");
    }
  });

  it("leave nothing of ours in what the site answers", async () => {
    const { headers } = await site.attack("GET", "/page", [bearer]);
    expect(
      [...headers.keys()].filter((name) => /^(remote-|set-cookie|cookie|authorization)/.test(name)),
    ).toEqual([]);
    expect(site.seen.at(-1)?.headers.authorization).toBeUndefined();
    expect(readStream("proxy-auth.log").join("\n")).not.toContain("a ForwardAuth request failed");
  });
});
