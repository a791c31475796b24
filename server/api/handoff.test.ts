import { createHash, randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { redeemedHandoffSchema } from "#lib/schemas/handoff.ts";
import { sessionRecordSchema } from "#lib/schemas/internal.ts";
import { updateAccessPolicy } from "#server/access/update-access-policy.ts";
import { hashSessionId } from "#server/session-store.ts";
import { disableUser } from "#server/users/disable-user.ts";
import {
  makeApi,
  makeInternalApi,
  makeVisitor,
  makeWebRuntime,
  PANEL,
  PROXY_AUTH_TOKEN,
  write,
} from "#test/api.ts";
import { cliContext, preparePlatform } from "#test/database.ts";
import { openRedirects } from "#test/open-redirects.ts";
import { continueAfterLogin } from "./continue-after-login.ts";

const platform = preparePlatform();
let internal: ReturnType<typeof makeInternalApi>;
beforeAll(async () => {
  internal = makeInternalApi(platform);
  const rules = [
    { host: "wiki.example.org", policy: "any_user" as const },
    { host: "*", policy: "any_user" as const },
  ];
  await updateAccessPolicy({ ctx: cliContext(), input: { version: 0, rules } });
});

const secret = () => randomBytes(32).toString("base64url");
const WIKI = "https://wiki.example.org/page?x=1";

async function goOn(cookie: string | null, next: string, state: string): Promise<URL> {
  const request = new Request(`${PANEL}/login/continue?${new URLSearchParams({ next, state })}`, {
    headers: cookie === null ? {} : { cookie },
  });
  const response = await continueAfterLogin(request, makeWebRuntime(platform));
  expect(response.status).toBe(303);
  expect(response.headers.get("cache-control")).toBe("no-store");
  return new URL(response.headers.get("location") ?? "");
}

function redeem(input: { code: string; host: string; state: string }): Promise<Response> {
  const headers = { authorization: `Bearer ${PROXY_AUTH_TOKEN}` };
  const body = JSON.stringify({ ip: "192.0.2.9", userAgent: "vitest", ...input });
  return Promise.resolve(internal.request("/internal/handoffs/redeem", { method: "POST", headers, body }));
}

async function codeFor(cookie: string, state: string): Promise<string> {
  const callback = await goOn(cookie, WIKI, state);
  expect(`${callback.origin}${callback.pathname}`).toBe("https://wiki.example.org/.causeway/callback");
  return callback.searchParams.get("code") ?? "";
}

describe("a sign-in handed on to a site", () => {
  test("opens a session there and nowhere else, with a code that works once", async () => {
    const [visitor, state] = [await makeVisitor("user"), secret()];
    const code = await codeFor(visitor.cookie, state);
    const answer = await redeem({ code, host: "wiki.example.org", state });
    const { sessionId, url } = redeemedHandoffSchema.parse(await answer.json());
    expect(url).toBe(WIKI);
    const headers = { authorization: `Bearer ${PROXY_AUTH_TOKEN}` };
    const path = `/internal/sessions/${hashSessionId(sessionId)}`;
    const record = sessionRecordSchema.parse(await (await internal.request(path, { headers })).json());
    expect(record).toMatchObject({ userId: visitor.user.id, host: "wiki.example.org" });
    const api = makeApi(platform);
    const me = await api.request("/api/v1/me", { headers: { cookie: `__Host-causeway=${sessionId}` } });
    expect(me.status).toBe(401);
    expect((await redeem({ code, host: "wiki.example.org", state })).status).toBe(404);
  });

  test("is refused to another host, another browser, and after a wrong try to everybody", async () => {
    const [visitor, state] = [await makeVisitor("user"), secret()];
    for (const wrong of [
      { host: "evil.example.org" },
      { state: secret() },
      { host: "wiki.example.org:8443" },
    ]) {
      const code = await codeFor(visitor.cookie, state);
      expect((await redeem({ code, host: "wiki.example.org", state, ...wrong })).status).toBe(404);
      expect((await redeem({ code, host: "wiki.example.org", state })).status).toBe(404);
    }
    expect((await redeem({ code: secret(), host: "wiki.example.org", state })).status).toBe(404);
    expect((await redeem({ code: "short", host: "wiki.example.org", state })).status).toBe(400);
  });

  test("is not worth anything after sign-out or switch-off", async () => {
    const state = secret();
    const api = makeApi(platform);
    const [leaving, disabled] = [await makeVisitor("user"), await makeVisitor("user")];
    const codes = [await codeFor(leaving.cookie, state), await codeFor(disabled.cookie, state)];
    expect((await api.request("/api/v1/session", write("DELETE", leaving.cookie))).status).toBe(204);
    await disableUser({ ctx: cliContext(), ref: disabled.user.id });
    for (const code of codes)
      expect((await redeem({ code, host: "wiki.example.org", state })).status).toBe(404);
  });

  test("ends with the panel's session, on every host", async () => {
    const [visitor, state] = [await makeVisitor("user"), secret()];
    const code = await codeFor(visitor.cookie, state);
    const answer = await redeem({ code, host: "wiki.example.org", state });
    const { sessionId } = redeemedHandoffSchema.parse(await answer.json());
    const headers = { authorization: `Bearer ${PROXY_AUTH_TOKEN}` };
    const path = `/internal/sessions/${hashSessionId(sessionId)}`;
    expect((await internal.request(path, { headers })).status).toBe(200);
    await makeApi(platform).request("/api/v1/session", write("DELETE", visitor.cookie));
    expect((await internal.request(path, { headers })).status).toBe(404);
    const cached = await platform.redis.get(`session:${hashSessionId(sessionId)}`);
    expect(cached).toBe("ended");
  });

  test.each([
    "https://evil.example.com/",
    "https://wiki.example.org.evil.example.com/",
    "http://wiki.example.org/",
    "https://user@wiki.example.org/",
    "https://evil.example.com/.causeway/callback",
    "//wiki.example.org/",
    "javascript:alert(1)",
  ])("goes to no host that a rule does not name: %s", async (next) => {
    const { cookie } = await makeVisitor("user");
    expect((await goOn(cookie, next, secret())).href).toBe(`${PANEL}/`);
  });

  test("leads nobody astray by any way that is known", async () => {
    const { cookie } = await makeVisitor("user");
    for (const next of openRedirects("wiki.example.org")) {
      const target = await goOn(cookie, next, secret());
      const isCallback =
        target.origin === "https://wiki.example.org" && target.pathname === "/.causeway/callback";
      expect(isCallback || target.href === `${PANEL}/`, next).toBe(true);
    }
  });

  test("asks who is not signed in to do so first, and keeps where they were going", async () => {
    const state = createHash("sha256").update("x").digest("base64url");
    const login = await goOn(null, WIKI, state);
    expect(login.pathname).toBe("/login");
    expect(Object.fromEntries(login.searchParams)).toEqual({ next: WIKI, state });
  });
});
