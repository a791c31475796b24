import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cacheSession } from "#server/session-store.ts";
import { askRaw } from "../testing/ask-forward-auth.ts";
import { type Bench, eventually, startBench } from "../testing/bench.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  bench.panel.setRules([{ host: "site.test", path: "/*", policy: "any_user", roles: [], groups: [] }]);
});
afterAll(() => bench.close());

async function ask(session: string, client: string) {
  const lines = ["Accept: text/html", `X-Forwarded-For: ${client}`, `Cookie: __Host-causeway=${session}`];
  const { status, headers } = await askRaw(bench.proxy.ports.forwardAuth, lines);
  return { status, location: headers.get("location")?.[0] ?? "" };
}
const madeUp = () => randomBytes(32).toString("base64url");
const questions = () => bench.panel.calls.filter((call) => call.includes("/internal/sessions/")).length;

it("made-up cookies cost the panel next to nothing, and nobody at their address a page", async () => {
  const [ada, eve, bob] = ["ada", "eve", "bob"].map((name) => bench.panel.addUser(name));
  await bench.announce();
  const visitor = bench.panel.addSession(ada?.id ?? "", "site.test");
  const storm = "203.0.113.9";
  await eventually(async () => (await ask(visitor, storm)).status === 200);

  const before = questions();
  const startedAt = Date.now();
  for (let round = 0; round < 80; round++) {
    const answers = await Promise.all(Array.from({ length: 25 }, () => ask(madeUp(), storm)));
    for (const { status, location } of answers) {
      expect(status).toBe(302);
      expect(location).toMatch(/^https:\/\/panel\.test\/login\?next=/);
    }
    expect((await ask(visitor, storm)).status).toBe(200);
  }
  const seconds = (Date.now() - startedAt) / 1_000;
  // 50 at once, one a second, and the visitor's own every 5 s.
  expect(questions() - before).toBeLessThanOrEqual(50 + Math.ceil(seconds * 1.2) + 1);

  // The panel puts a new sign-in into Redis.
  const fresh = madeUp();
  const idHash = createHash("sha256").update(fresh).digest("hex");
  await cacheSession(bench.redis, idHash, {
    userId: eve?.id ?? "",
    host: "site.test",
    expiresAt: Date.now() + 3_600_000,
  });
  expect((await ask(fresh, storm)).status).toBe(200);

  // One that Redis has lost is looked at within two seconds of quiet there, and elsewhere at once.
  const lost = bench.panel.addSession(bob?.id ?? "", "site.test");
  expect((await ask(lost, "203.0.113.10")).status).toBe(200);
  // Our memory of the visitor is 5 s; after it they are looked up again, beside the storm's budget.
  await new Promise((resolve) => setTimeout(resolve, startedAt + 5_200 - Date.now()));
  await Promise.all(Array.from({ length: 60 }, () => ask(madeUp(), storm)));
  expect((await ask(visitor, storm)).status).toBe(200);
  const alsoLost = bench.panel.addSession(bob?.id ?? "", "site.test");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect((await ask(alsoLost, storm)).status).toBe(200);
});
