import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { preparePlatform } from "#test/database.ts";
import { cacheSession, dropCachedSession, hashSessionId, readCachedSession } from "./session-store.ts";

const platform = preparePlatform();
const makeRecord = (lifeMs = 3_600_000) => ({
  userId: randomUUID(),
  host: "panel.test",
  expiresAt: Date.now() + lifeMs,
});

test("an entry lives a minute at most, and never longer than its session", async () => {
  await cacheSession(platform.redis, "a", makeRecord());
  await cacheSession(platform.redis, "b", makeRecord(10_500));
  await cacheSession(platform.redis, "c", makeRecord(-1));
  expect(await platform.redis.ttl("session:a")).toBe(60);
  expect(await platform.redis.ttl("session:b")).toBe(10);
  expect(await readCachedSession(platform.redis, "c")).toBeNull();
});

test("an ended session cannot be put back by a reader that was slower", async () => {
  const record = makeRecord();
  await cacheSession(platform.redis, "d", record);
  expect(await readCachedSession(platform.redis, "d")).toEqual(record);
  await dropCachedSession(platform.redis, "d");
  await cacheSession(platform.redis, "d", record);
  expect(await readCachedSession(platform.redis, "d")).toBe("ended");
  expect(await platform.redis.ttl("session:d")).toBeGreaterThan(60);
});

test("what is not a record is no session", async () => {
  for (const text of ["", "{", "{}", "null", '{"userId":"x","host":"h","expiresAt":1}']) {
    await platform.redis.set("session:e", text);
    expect(await readCachedSession(platform.redis, "e")).toBeNull();
  }
});

test("only a value of our form has a hash", () => {
  expect(hashSessionId("A".repeat(43))).toMatch(/^[0-9a-f]{64}$/);
  for (const value of ["", "A".repeat(42), "A".repeat(44), `${"A".repeat(42)}=`, "A".repeat(10_000)]) {
    expect(hashSessionId(value)).toBeNull();
  }
});
