import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRedis } from "#server/redis.ts";
import { cacheSession, dropCachedSession, readCachedSession } from "#server/session-store.ts";
import { createRateLimit } from "#server/sessions/rate-limit.ts";

const directory = mkdtempSync(join(tmpdir(), "causeway-redis-"));
const USERS = ["web", "controller", "proxy-auth"] as const;
const opened: Redis[] = [];
let child: ReturnType<typeof spawn>;
let port = 0;

beforeAll(async () => {
  // The data directory is settled when paths.ts is read.
  process.env.CAUSEWAY_DATA_DIR = directory;
  mkdirSync(join(directory, "secrets"));
  for (const name of USERS)
    writeFileSync(join(directory, "secrets", `redis-password-${name}`), `${name}-secret`);
  const { findFreePort } = await import("./ports.ts");
  const { prepareRedis } = await import("./redis.ts");
  port = await findFreePort();
  child = spawn("redis-server", prepareRedis(port), { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of child.stdout ?? []) if (String(line).includes("eady to accept")) break;
  child.stdout?.resume();
});
afterAll(async () => {
  for (const redis of opened) redis.disconnect();
  child.kill("SIGKILL");
  await once(child, "exit");
  rmSync(directory, { recursive: true, force: true });
});

async function as(user: (typeof USERS)[number]): Promise<Redis> {
  const redis = createRedis(`redis://${user}:${user}-secret@127.0.0.1:${port}/0`);
  opened.push(redis);
  await once(redis, "ready");
  return redis;
}

const HASH = "ab".repeat(32);
const RECORD = { userId: crypto.randomUUID(), host: "panel.test", expiresAt: Date.now() + 60_000 };

describe("a program's Redis user", () => {
  it("does its own work", async () => {
    const [web, controller, doors] = await Promise.all(USERS.map(as));
    if (!web || !controller || !doors) throw new Error("not connected");
    await cacheSession(web, HASH, RECORD);
    expect(await readCachedSession(doors, HASH)).toEqual(RECORD);
    await dropCachedSession(web, HASH);
    expect(await readCachedSession(doors, HASH)).toBe("ended");
    const limit = createRateLimit(web, { name: "test", points: 1, seconds: 60 });
    await limit.consume("a");
    await expect(limit.consume("a")).rejects.toMatchObject({ code: "RATE_LIMITED" });
    const heard: string[] = [];
    for (const listener of [doors, controller]) {
      listener.on("message", (_channel, text) => heard.push(text));
      await listener.subscribe("changes");
    }
    expect(await web.publish("changes", "7")).toBe(2);
    await expect.poll(() => heard).toEqual(["7", "7"]);
  });

  it("does nothing else: the doors write only their own counts, nobody administers, strangers get in nowhere", async () => {
    const [web, controller, doors] = await Promise.all(USERS.map(as));
    if (!web || !controller || !doors) throw new Error("not connected");
    const refused = [
      () => doors.set(`session:${HASH}`, JSON.stringify(RECORD)),
      () => doors.del(`session:${HASH}`),
      () => doors.get("limit:sign-in-account:x"),
      () => doors.publish("changes", "9"),
      () => doors.eval("return redis.call('SET', KEYS[1], '1')", 1, `session:${HASH}`),
      () => doors.hset(`session:${HASH}`, "a", "1"),
      () => doors.hset("lease:x", "a", "1"),
      () => doors.scan(0),
      () => controller.get(`session:${HASH}`),
      ...[web, controller, doors].flatMap((redis) => [
        () => redis.config("GET", "*"),
        () => redis.flushall(),
        () => redis.keys("*"),
        () => redis.acl("LIST"),
        () => redis.client("LIST"),
      ]),
    ];
    for (const attempt of refused) await expect(attempt(), String(attempt)).rejects.toThrow(/NOPERM/);
    const stranger = new Redis(port, "127.0.0.1", { retryStrategy: () => null, lazyConnect: true });
    stranger.on("error", () => {});
    await expect(stranger.connect().then(() => stranger.get("session:x"))).rejects.toThrow();
    stranger.disconnect();
  });
});
