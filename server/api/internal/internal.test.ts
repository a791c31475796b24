import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import {
  changesSchema,
  replicaHeaderSchema,
  replicaUserSchema,
  sessionRecordSchema,
  tokenRecordSchema,
  usageTotalsSchema,
  userByNameSchema,
} from "#lib/schemas/internal.ts";
import { sha256Hex } from "#server/crypto.ts";
import { revokeAllSessions } from "#server/session-rows/revoke-all-sessions.ts";
import { hashSessionId, readCachedSession } from "#server/session-store.ts";
import { makeCliToken, makeInternalApi, makeVisitor, makeWebRuntime, PROXY_AUTH_TOKEN } from "#test/api.ts";
import { preparePlatform, userContext } from "#test/database.ts";
import { makeUser } from "#test/made.ts";
import { createInternalApi } from "./create-internal-api.ts";

const platform = preparePlatform();
let api: ReturnType<typeof makeInternalApi>;
beforeAll(() => {
  api = makeInternalApi(platform);
});
const headers = { authorization: `Bearer ${PROXY_AUTH_TOKEN}` };
const get = (path: string) => api.request(`/internal${path}`, { headers });
const post = (path: string, body: unknown) =>
  api.request(`/internal${path}`, { method: "POST", headers, body: JSON.stringify(body) });

describe("/internal", () => {
  test("answers nothing without the program's own token, whatever the path", async () => {
    const paths = [
      "/replica",
      "/changes?after=0",
      "/users/by-name/ada",
      `/sessions/${"0".repeat(64)}`,
      "/nothing",
    ];
    const tokens = [null, "Bearer", "Bearer x", `Bearer ${PROXY_AUTH_TOKEN}x`, `Basic ${PROXY_AUTH_TOKEN}`];
    for (const path of paths) {
      for (const authorization of tokens) {
        const init = authorization === null ? {} : { headers: { authorization } };
        expect((await api.request(`/internal${path}`, init)).status, `${path} ${authorization}`).toBe(401);
      }
    }
  });

  test("streams the replica: header, then every user", async () => {
    const user = await makeUser();
    const text = await (await get("/replica")).text();
    const [first, ...rest] = text.trimEnd().split("\n");
    const header = replicaHeaderSchema.parse(JSON.parse(first ?? ""));
    const users = rest.map((line) => replicaUserSchema.parse(JSON.parse(line)));
    expect(users).toHaveLength(header.users);
    expect(Buffer.from(header.proxyPasswordKey, "base64")).toHaveLength(32);
    expect(users.find(({ id }) => id === user.id)?.name).toBe(user.name);
  });

  test("answers what changed after a revision, and a user by name", async () => {
    const before = changesSchema.parse(await (await get("/changes?after=0")).json());
    const user = await makeUser();
    const path = `/changes?after=${before.revision}`;
    const after = changesSchema.parse(await (await get(path)).json());
    expect(after.users.map(({ id }) => id)).toEqual([user.id]);
    const found = userByNameSchema.parse(await (await get(`/users/by-name/${user.name}`)).json());
    expect(found).toMatchObject({ revision: after.revision, user: { id: user.id } });
    expect(userByNameSchema.parse(await (await get("/users/by-name/nobody")).json()).user).toBeNull();
    expect((await get("/changes?after=x")).status).toBe(400);
  });

  test("knows live sessions only, and caches what it answers", async () => {
    const visitor = await makeVisitor("user");
    const idHash = hashSessionId(visitor.cookie.split("=")[1] ?? "") ?? "";
    const record = sessionRecordSchema.parse(await (await get(`/sessions/${idHash}`)).json());
    expect(record).toMatchObject({ userId: visitor.user.id, host: "panel.test" });
    expect(await readCachedSession(platform.redis, idHash)).toEqual(record);
    expect(await platform.redis.ttl(`session:${idHash}`)).toBeLessThanOrEqual(60);
    await platform.db.session.update({ where: { id: visitor.sessionId }, data: { revokedAt: new Date() } });
    expect((await get(`/sessions/${idHash}`)).status).toBe(404);
    expect((await get("/sessions/short")).status).toBe(400);
  });

  test("a session ended by any verb has left the cache when the change feed tells of it", async () => {
    const [one, two] = [await makeVisitor("user"), await makeVisitor("user")];
    const hashes = [one, two].map(({ cookie }) => hashSessionId(cookie.split("=")[1] ?? "") ?? "");
    for (const idHash of hashes) await get(`/sessions/${idHash}`);
    const { revision } = changesSchema.parse(await (await get("/changes?after=0")).json());
    const ctx = userContext({ ...one.user, sessionId: one.sessionId });
    await revokeAllSessions({ ctx });
    const changes = changesSchema.parse(await (await get(`/changes?after=${revision}`)).json());
    expect(changes.endedSessions).toEqual([hashes[0]]);
    const cached = await Promise.all(hashes.map((idHash) => readCachedSession(platform.redis, idHash)));
    expect(cached).toEqual(["ended", expect.objectContaining({ userId: two.user.id })]);
  });

  test("verifies API tokens by hash", async () => {
    const tokenHash = sha256Hex(await makeCliToken());
    const record = tokenRecordSchema.parse(await (await post("/tokens/verify", { tokenHash })).json());
    expect(record).toMatchObject({ userId: null, scopes: ["read", "write"] });
    expect((await post("/tokens/verify", { tokenHash: "0".repeat(64) })).status).toBe(404);
    expect((await post("/tokens/verify", {})).status).toBe(400);
  });

  test("applies a usage batch once and answers the totals twice", async () => {
    const user = await makeUser();
    const entry = { userId: user.id, door: "http", upBytes: 10, downBytes: 32, at: Date.now() };
    const batch = { source: "proxy-auth", boot: randomUUID(), seq: 1, entries: [entry] };
    for (let count = 0; count < 2; count++) {
      const totals = usageTotalsSchema.parse(await (await post("/usage", batch)).json());
      expect(totals).toEqual({ lastSeq: 1, totals: [{ userId: user.id, usedBytes: 42 }] });
    }
  });

  test("takes a batch of 50 000 entries and refuses more than 32 MB", async () => {
    const { id: userId } = await makeUser();
    const at = Date.now();
    const entries = Array.from({ length: 50_000 }, () => ({
      userId,
      door: "socks",
      upBytes: 1,
      downBytes: 1,
      at,
    }));
    const full = await post("/usage", { source: "proxy-auth", boot: randomUUID(), seq: 1, entries });
    expect(usageTotalsSchema.parse(await full.json()).totals).toEqual([{ userId, usedBytes: 100_000 }]);
    expect((await post("/usage", { pad: "x".repeat(32 * 1024 * 1024) })).status).toBe(413);
  });
});

test("what programs ask is timed by the route's template, refusals too", async () => {
  const runtime = makeWebRuntime(platform);
  const timed = createInternalApi(runtime);
  expect((await timed.request("/internal/users/by-name/nobody-here", { headers })).status).toBe(200);
  expect((await timed.request("/internal/changes?after=0")).status).toBe(401);
  const text = await runtime.registry.metrics();
  expect(text).toMatch(/_count\{.*route="\/internal\/users\/by-name\/:name".*status="200"\} 1/);
  expect(text).toMatch(/_count\{.*status="401"\} 1/);
  expect(text).not.toContain("nobody-here");
});

test("health and metrics need no token", async () => {
  expect((await api.request("/healthz")).status).toBe(200);
  const ready = await api.request("/readyz");
  expect(await ready.json()).toEqual({ isReady: true });
  expect(await (await api.request("/metrics")).text()).toContain("process_cpu_seconds_total");
});
