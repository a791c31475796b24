import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import { type Bench, eventually, startBench } from "../testing/bench.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

/** The status of a check, and whom the upstream is told. */
function ask(cookie: string, path = "/x", extra: Record<string, string> = {}): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const headers = {
      "X-Forwarded-Method": "GET",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Host": "site.test",
      "X-Forwarded-Uri": path,
      Cookie: cookie,
      ...extra,
    };
    const call = request(
      { host: "127.0.0.1", port: bench.proxy.ports.forwardAuth, path: "/forward-auth", headers },
      (response) => {
        response.resume();
        resolve([response.statusCode ?? 0, String(response.headers["remote-user"] ?? "")]);
      },
    );
    call.on("error", reject);
    call.end();
  });
}

async function visitor(
  changes: Partial<ReplicaUser> = {},
): Promise<{ user: ReplicaUser; session: string; cookie: string }> {
  const user = bench.panel.addUser(`v${randomBytes(4).toString("hex")}`, { role: "admin", ...changes });
  const session = bench.panel.addSession(user.id, "site.test");
  const cookie = `__Host-causeway=${session}; a=1`;
  await bench.announce();
  await eventually(async () => (await ask(cookie))[0] === 200, 1_000);
  // Twice: from here on the quick answer is what we look at.
  for (let i = 0; i < 3; i++) expect(await ask(cookie)).toEqual([200, user.name]);
  return { user, session, cookie };
}

describe("a visitor who was let in a moment ago", () => {
  it.each([
    ["signs out", (v: { user: ReplicaUser; session: string }) => bench.panel.endSession(v.session), 401],
    ["is disabled", (v: { user: ReplicaUser }) => bench.panel.change(v.user.id, { status: "disabled" }), 403],
    ["loses the role", (v: { user: ReplicaUser }) => bench.panel.change(v.user.id, { role: "user" }), 403],
    [
      "is over the limit",
      (v: { user: ReplicaUser }) => bench.panel.change(v.user.id, { limitBytes: 1, usedBytes: 2 }),
      403,
    ],
    ["is deleted", (v: { user: ReplicaUser }) => bench.panel.delete(v.user.id), 401],
  ])("is refused at once when they %s", async (_what, change, status) => {
    const known = await visitor();
    change(known);
    await bench.announce();
    await eventually(async () => (await ask(known.cookie))[0] === status, 400);
  });

  it("is refused at the second the account expires", async () => {
    const known = await visitor({ expiresAt: Date.now() + 1_200 });
    await eventually(async () => (await ask(known.cookie))[0] === 403, 2_000);
  });

  it("is not let in elsewhere, with other headers or by an odd path because of it", async () => {
    const { cookie } = await visitor();
    expect((await ask(cookie, "/x", { "X-Forwarded-Host": "other.test" }))[0]).toBe(401);
    expect((await ask(`${cookie}; __Host-causeway=x`))[0]).toBe(401);
    expect((await ask(cookie, "/x", { Authorization: "Bearer nonsense" }))[0]).toBe(401);
    const inactive = bench.panel.addUser("inert", { role: "user" });
    const group = bench.panel.putGroup("few");
    const rules = [
      { host: "site.test", path: "/closed/*", policy: "deny" as const, roles: [], groups: [] },
      { host: "site.test", path: "/*", policy: "any_user" as const, roles: [], groups: [] },
    ];
    bench.panel.setRules(rules);
    const session = bench.panel.addSession(inactive.id, "site.test");
    await bench.announce();
    const own = `__Host-causeway=${session}`;
    await eventually(async () => (await ask(own))[0] === 200, 1_000);
    for (const path of ["/closed/x", "/CLOSED", "/x/../closed/", "/%63losed", "/closed;a"])
      for (let i = 0; i < 2; i++) expect((await ask(own, path))[0], path).toBe(403);
    expect((await ask(own, "/open"))[0]).toBe(200);
    bench.panel.setRules([
      { host: "site.test", path: "/*", policy: "groups", roles: [], groups: [group.id] },
    ]);
    await bench.announce();
    await eventually(async () => (await ask(own, "/open"))[0] === 403, 400);
  });
});
