import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { closeDb, initDb } from "#server/db.ts";
import { createRedis } from "#server/redis.ts";
import { preparePlatform } from "#test/database.ts";
import { startSilentServer } from "#test/silent-server.ts";
import { createControllerMetrics } from "./controller-metrics.ts";
import { createFindMissing } from "./find-missing.ts";
import { createHealthServer } from "./health-server.ts";
import { addPostgresMetrics, createPostgresReader } from "./postgres-metrics.ts";
import { addRedisMetrics } from "./redis-metrics.ts";
import { addRevisionMetrics } from "./revision-metrics.ts";

const platform = preparePlatform();
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  await closeDb();
  initDb(platform.databaseUrl, { maxConnections: 8 });
});

async function startHealth(redisUrl: string) {
  const redis = createRedis(redisUrl);
  const metrics = createControllerMetrics();
  const readPostgres = createPostgresReader();
  addPostgresMetrics(metrics.registry, readPostgres);
  addRedisMetrics(metrics.registry, redis);
  addRevisionMetrics(metrics.registry, metrics.revisionByNode, readPostgres);
  metrics.revisionByNode.set("east", 3);
  const findMissing = createFindMissing({ redis });
  const server = createHealthServer({ registry: metrics.registry, findMissing }).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    redis.disconnect();
    server.closeAllConnections();
    server.close();
  });
  return async (path: string) => {
    const startedAt = performance.now();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const response = await fetch(url);
    const text = await response.text();
    return { status: response.status, text, ms: performance.now() - startedAt };
  };
}

it("is ready while Postgres and Redis answer, and tells their figures", async () => {
  const ask = await startHealth(platform.redisUrl);
  await expect.poll(async () => (await ask("/readyz")).text).toBe('{"isReady":true}');
  const { text } = await ask("/metrics");
  for (const line of [
    "causeway_postgres_up 1",
    "causeway_redis_up 1",
    'causeway_revision{consumer="node:east"} 3',
    'causeway_revision_behind{consumer="node:east"} 0',
  ])
    expect(text).toContain(`${line}\n`);
  for (const name of [
    "causeway_postgres_connections",
    "causeway_postgres_database_bytes",
    "causeway_redis_memory_bytes",
    'causeway_postgres_transactions_total{result="commit"}',
  ])
    expect(Number(text.split(`\n${name} `)[1]?.split("\n")[0]), name).toBeGreaterThan(0);
});

it("names what is silent within a second, and neither its metrics nor its life depend on it", async () => {
  const silent = await startSilentServer();
  cleanups.push(() => silent.stop());
  await closeDb();
  initDb(`postgresql://nobody@127.0.0.1:${silent.port}/nothing`);
  const ask = await startHealth(`redis://127.0.0.1:${silent.port}/0`);
  const ready = await ask("/readyz");
  expect(ready).toMatchObject({ status: 503, text: '{"isReady":false,"missing":["postgres","redis"]}' });
  expect(ready.ms).toBeLessThan(1_000);
  const scraped = await ask("/metrics");
  expect(scraped.status).toBe(200);
  expect(scraped.ms).toBeLessThan(2_500);
  expect(scraped.text).toContain("causeway_postgres_up 0\n");
  expect(scraped.text).toContain("causeway_redis_up 0\n");
  expect(scraped.text).toContain('causeway_revision{consumer="node:east"} 3');
  expect(scraped.text).not.toContain("causeway_revision_behind{");
  expect((await ask("/healthz")).status).toBe(200);
});
