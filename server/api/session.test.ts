import { beforeAll, describe, expect, test } from "vitest";
import { hashSessionId, readCachedSession } from "#server/session-store.ts";
import { vouchForSession } from "#server/sessions/vouch-for-session.ts";
import { makeApi, makeVisitor, setPassword, write } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { makeUser } from "#test/made.ts";

const platform = preparePlatform();
let api: ReturnType<typeof makeApi>;
let now = Date.now();
beforeAll(() => {
  api = makeApi(platform, { clock: { now: () => now } });
});

const PASSWORD = "correct horse battery";
let address = 0;
/** Each test signs in from an address of its own, so that throttling does not mix them. */
const from = () => ({ "x-forwarded-for": `198.51.100.${++address}` });
const signIn = (name: string, password: string, headers: Record<string, string> = from()) =>
  api.request("/api/v1/session", write("POST", null, { name, password }, headers));
const cookieOf = (response: Response) => response.headers.get("set-cookie")?.split(";")[0] ?? "";
const me = (cookie: string) => api.request("/api/v1/me", { headers: { cookie } });

async function makePerson() {
  const user = await makeUser({ email: `p${address}-${Date.now()}@example.org` });
  await setPassword(user, PASSWORD);
  return user;
}

describe("sign-in", () => {
  test("answers a cookie that opens the API, by name and by e-mail", async () => {
    const user = await makePerson();
    for (const name of [user.name, user.email ?? ""]) {
      const response = await signIn(name, PASSWORD);
      expect(response.status).toBe(204);
      const line = response.headers.get("set-cookie") ?? "";
      expect(line).toMatch(/^__Host-causeway=[\w-]{43}; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/);
      expect(await (await me(cookieOf(response))).json()).toMatchObject({ name: user.name, role: "user" });
    }
  });

  test("is where ForwardAuth looks first, as soon as it is answered, and again when the login page says so", async () => {
    const user = await makePerson();
    const cookie = cookieOf(await signIn(user.name, PASSWORD));
    const idHash = hashSessionId(cookie.split("=")[1] ?? "") ?? "";
    const found = await readCachedSession(platform.redis, idHash);
    expect(found).toMatchObject({ userId: user.id });
    await platform.redis.del(`session:${idHash}`);
    await vouchForSession(platform.redis, new Headers({ cookie }));
    expect(await readCachedSession(platform.redis, idHash)).toEqual(found);
    await vouchForSession(platform.redis, new Headers({ cookie: "__Host-causeway=unknown" }));
  });

  test("a wrong password, an unknown name and a switched-off account answer alike", async () => {
    const user = await makePerson();
    const off = await makePerson();
    await platform.db.user.update({ where: { id: off.id }, data: { status: "disabled" } });
    const answers = await Promise.all([
      signIn(user.name, "wrong"),
      signIn("nobody-at-all", PASSWORD),
      signIn(off.name, PASSWORD),
    ]);
    const details = await Promise.all(answers.map(async (answer) => (await answer.json()).detail as string));
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401]);
    expect(new Set(details).size).toBe(1);
    expect(answers.every((answer) => answer.headers.get("set-cookie") === null)).toBe(true);
  });

  test("a foreign origin cannot sign a browser in", async () => {
    const user = await makePerson();
    const response = await signIn(user.name, PASSWORD, { origin: "https://evil.test" });
    expect(response.status).toBe(403);
  });

  test("is throttled per account and address, in a burst too, and a neighbour is not", async () => {
    const user = await makePerson();
    const attacker = from();
    const answers = await Promise.all(Array.from({ length: 14 }, () => signIn(user.name, "wrong", attacker)));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(8);
    const refused = answers.find((answer) => answer.status === 429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(1);
    expect((await signIn(user.name, PASSWORD, attacker)).status).toBe(429);
    expect((await signIn(user.name, PASSWORD)).status).toBe(204);
  });

  test("is throttled for a whole IPv6 /64, and for every spelling of an account", async () => {
    const user = await makePerson();
    const attempt = (name: string, count: number) =>
      signIn(name, "wrong", { "x-forwarded-for": `2001:db8:${address}::${count}` });
    const names = [user.name, user.name.toUpperCase(), ` ${user.name} `];
    for (let count = 0; count < 8; count++) {
      expect((await attempt(names[count % 3] ?? "", count)).status).toBe(401);
    }
    expect((await attempt(user.name, 9)).status).toBe(429);
  });

  test("counts a name and an e-mail of one account together, and a name nobody has no less", async () => {
    const user = await makePerson();
    const [home, elsewhere] = [from(), from()];
    const spellings = [user.name, user.email ?? "", user.email?.toUpperCase() ?? ""];
    for (let count = 0; count < 8; count++) {
      expect((await signIn(spellings[count % 3] ?? "", "wrong", home)).status).toBe(401);
      expect((await signIn("nobody@example.org", "wrong", elsewhere)).status).toBe(401);
    }
    for (const name of spellings) expect((await signIn(name, PASSWORD, home)).status).toBe(429);
    expect((await signIn("nobody@example.org", "wrong", elsewhere)).status).toBe(429);
    expect((await signIn((await makePerson()).name, PASSWORD, home)).status).toBe(204);
  });

  test("forgives by either of them", async () => {
    const user = await makePerson();
    const home = from();
    for (let round = 0; round < 2; round++) {
      for (let count = 0; count < 7; count++)
        expect((await signIn(user.name, "wrong", home)).status).toBe(401);
      expect((await signIn(user.email ?? "", PASSWORD, home)).status).toBe(204);
    }
  });

  test("takes an e-mail as it is written, not as a pattern", async () => {
    const user = await makeUser({ email: `a_b${Date.now()}@example.org` });
    await setPassword(user, PASSWORD);
    expect((await signIn(user.email?.toUpperCase() ?? "", PASSWORD)).status).toBe(204);
    for (const pattern of ["%@%", `%${user.email?.slice(1)}`, user.email?.replace("b", "_")]) {
      expect((await signIn(pattern ?? "", PASSWORD)).status, pattern).toBe(401);
    }
  });

  test("right passwords do not count", async () => {
    const user = await makePerson();
    const home = from();
    for (let count = 0; count < 10; count++) {
      expect((await signIn(user.name, PASSWORD, home)).status).toBe(204);
    }
  });
});

describe("a session", () => {
  test("ends at sign-out, leaves a tombstone in the cache and is not revived", async () => {
    const visitor = await makeVisitor("user");
    const value = visitor.cookie.split("=")[1] ?? "";
    const response = await api.request("/api/v1/session", write("DELETE", visitor.cookie));
    expect(response.status).toBe(204);
    expect(response.headers.get("set-cookie")).toContain("Max-Age=0");
    expect((await me(visitor.cookie)).status).toBe(401);
    expect(await readCachedSession(platform.redis, hashSessionId(value) ?? "")).toBe("ended");
  });

  test("is ended from the list by its owner only", async () => {
    const visitor = await makeVisitor("user");
    const stranger = await makeVisitor("owner");
    const path = `/api/v1/users/me/sessions/${visitor.sessionId}`;
    expect((await api.request(path, write("DELETE", stranger.cookie))).status).toBe(404);
    expect((await me(visitor.cookie)).status).toBe(200);
    expect((await api.request(path, write("DELETE", visitor.cookie))).status).toBe(204);
    expect((await me(visitor.cookie)).status).toBe(401);
  });

  test("of another host, of a disabled user, or too old, is none", async () => {
    const [foreign, disabled, idle] = [
      await makeVisitor("user"),
      await makeVisitor("user"),
      await makeVisitor("user"),
    ];
    await platform.db.session.update({ where: { id: foreign.sessionId }, data: { host: "other.test" } });
    await platform.db.user.update({ where: { id: disabled.user.id }, data: { status: "disabled" } });
    expect((await me(foreign.cookie)).status).toBe(401);
    expect((await me(disabled.cookie)).status).toBe(401);
    now += 2 * 3_600_000;
    expect((await me(idle.cookie)).status).toBe(401);
    now = Date.now();
  });

  test("slides with use, up to 30 days after the sign-in", async () => {
    const visitor = await makeVisitor("user");
    const day = 24 * 3_600_000;
    await platform.db.session.update({
      where: { id: visitor.sessionId },
      data: { createdAt: new Date(now - 28 * day), lastSeenAt: new Date(now - day) },
    });
    expect((await me(visitor.cookie)).status).toBe(200);
    const row = await platform.db.session.findUniqueOrThrow({ where: { id: visitor.sessionId } });
    expect(row.expiresAt.getTime()).toBe(row.createdAt.getTime() + 30 * day);
    expect(row.lastSeenAt.getTime()).toBe(now);
  });

  test("ended by a switch-off, is not revived when the account is switched on again", async () => {
    const [operator, visitor] = [await makeVisitor("admin"), await makeVisitor("user")];
    for (const action of ["disable", "enable"]) {
      const path = `/api/v1/users/${visitor.user.name}/${action}`;
      expect((await api.request(path, write("POST", operator.cookie))).status).toBe(200);
      expect((await me(visitor.cookie)).status).toBe(401);
    }
  });

  test("does not help to guess the password", async () => {
    const user = await makePerson();
    const home = from();
    const cookie = cookieOf(await signIn(user.name, PASSWORD, home));
    const guess = (currentPassword: string) =>
      api.request(
        "/api/v1/users/me/password",
        write("POST", cookie, { currentPassword, newPassword: "another long password" }, home),
      );
    for (let count = 0; count < 8; count++) expect((await guess(`wrong ${count}`)).status).toBe(400);
    expect((await guess(PASSWORD)).status).toBe(429);
  });

  test("a changed password ends the other sessions and keeps this one", async () => {
    const user = await makePerson();
    const [here, there] = [
      cookieOf(await signIn(user.name, PASSWORD)),
      cookieOf(await signIn(user.name, PASSWORD)),
    ];
    const body = { currentPassword: PASSWORD, newPassword: "another long password" };
    expect((await api.request("/api/v1/users/me/password", write("POST", here, body))).status).toBe(204);
    expect((await me(here)).status).toBe(200);
    expect((await me(there)).status).toBe(401);
  });
});
