import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import { askRaw } from "../testing/ask-forward-auth.ts";
import { type Bench, eventually, startBench } from "../testing/bench.ts";
import { SlowPath } from "../testing/slow-path.ts";

/** An answer comes within this time, whatever is away: Redis is waited for 0.3 s, all together 1 s. */
const BOUND_MS = 1_500;
/** Sessions that are known go on this long. */
const KNOWN_MS = 5_000;

let bench: Bench;
let user: ReplicaUser;
let redisPid = 0;
/** The way to the panel, which asks Postgres: silent when Postgres is. */
const panel = new SlowPath();

beforeAll(async () => {
  await panel.open();
  bench = await startBench({ env: { WEB_INTERNAL_URL: `http://127.0.0.1:${panel.port}` } });
  panel.target = bench.panel.port;
  user = bench.panel.addUser("ada", { role: "admin" });
  redisPid = Number(/process_id:(\d+)/.exec(await bench.redis.info("server"))?.[1]);
  expect(redisPid).toBeGreaterThan(1);
  await eventually(async () => (await ask(known())).status === 200, 5_000);
});
beforeEach(async () => {
  panel.delayMs = 0;
  await eventually(async () => (await ask(known())).status === 200, 6_000);
});
afterAll(async () => {
  process.kill(redisPid, "SIGCONT");
  await bench.close();
  await panel.close();
});

const known = () => bench.panel.addSession(user.id, "site.test");
const madeUp = () => randomBytes(32).toString("base64url");
async function ask(session: string) {
  const started = performance.now();
  const { status } = await askRaw(bench.proxy.ports.forwardAuth, [`Cookie: __Host-causeway=${session}`]);
  return { status, ms: performance.now() - started };
}
const sessionCalls = () => bench.panel.calls.filter((call) => call.includes("/sessions/")).length;
const redisGets = async () =>
  Number(/cmdstat_get:calls=(\d+)/.exec(await bench.redis.info("commandstats"))?.[1] ?? 0);

async function withRedisPaused(work: () => Promise<void>): Promise<void> {
  process.kill(redisPid, "SIGSTOP");
  try {
    await work();
  } finally {
    process.kill(redisPid, "SIGCONT");
  }
}

describe("ForwardAuth", () => {
  it("with Redis paused asks the panel, in time, and lets no stranger in", async () => {
    await withRedisPaused(async () => {
      const [good, bad] = await Promise.all([ask(known()), ask(madeUp())]);
      expect([good.status, bad.status]).toEqual([200, 401]);
      expect(Math.max(good.ms, bad.ms)).toBeLessThan(BOUND_MS);
    });
  });

  it.each([
    ["silent", Number.POSITIVE_INFINITY],
    ["slow", 3_000],
  ])(
    "with Redis paused and the panel %s refuses who is not known, in time, and lets who is go on a while",
    async (_how, delayMs) => {
      const visitor = known();
      expect((await ask(visitor)).status).toBe(200);
      const since = performance.now();
      panel.delayMs = delayMs;
      await withRedisPaused(async () => {
        const answers = await Promise.all([ask(madeUp()), ask(known()), ask(visitor)]);
        expect(answers.map(({ status }) => status)).toEqual([503, 503, 200]);
        for (const { ms } of answers) expect(ms).toBeLessThan(BOUND_MS);
        await eventually(async () => (await ask(visitor)).status === 503, KNOWN_MS + BOUND_MS);
        expect(performance.now() - since).toBeLessThan(KNOWN_MS + BOUND_MS + 500);
        expect((await ask(visitor)).status).toBe(503);
      });
      panel.delayMs = 0;
      panel.cut();
    },
    20_000,
  );

  it("with the panel down refuses at once who is not known", async () => {
    panel.target = null;
    panel.cut();
    const answer = await ask(madeUp());
    expect(answer.status).toBe(503);
    expect(answer.ms).toBeLessThan(BOUND_MS);
    panel.target = bench.panel.port;
  });

  it("recovers without a stampede: one look-up a session, however many wait for it", async () => {
    const sessions = Array.from({ length: 5 }, known);
    panel.delayMs = Number.POSITIVE_INFINITY;
    await withRedisPaused(async () => {
      const waiting = await Promise.all(
        sessions.flatMap((one) => Array.from({ length: 40 }, () => ask(one))),
      );
      expect(new Set(waiting.map(({ status }) => status))).toEqual(new Set([503]));
    });
    panel.delayMs = 0;
    panel.cut();
    await sleep(1_500);
    const [calls, gets] = [sessionCalls(), await redisGets()];
    const answers = await Promise.all(sessions.flatMap((one) => Array.from({ length: 40 }, () => ask(one))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(sessionCalls() - calls).toBe(sessions.length);
    expect((await redisGets()) - gets).toBe(sessions.length);
  }, 20_000);

  it("sees the end of a session in 200 ms, and within 5 s when Redis says nothing", async () => {
    const [one, other] = [known(), known()];
    await ask(one);
    await ask(other);
    bench.panel.endSession(one);
    const started = performance.now();
    await bench.announce();
    await eventually(async () => (await ask(one)).status === 401, 1_000);
    expect(performance.now() - started).toBeLessThan(process.env.CI ? 1_000 : 200);
    await withRedisPaused(async () => {
      bench.panel.endSession(other);
      const silently = performance.now();
      await eventually(async () => (await ask(other)).status === 401, 6_000);
      expect(performance.now() - silently).toBeLessThan(5_000);
    });
  }, 15_000);
});
