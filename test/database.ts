import { randomBytes, randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, inject } from "vitest";
import type { Role } from "#lib/schemas/user.ts";
import { initChanges } from "#server/changes/publish-revision.ts";
import type { Actor, Context } from "#server/context.ts";
import { setMasterKeys } from "#server/crypto.ts";
import { closeDb, getDb, initDb } from "#server/db.ts";
import type { PrismaClient } from "#server/generated/prisma/client.ts";
import { createRedis } from "#server/redis.ts";
import { initInstallation } from "#server/users/installation.ts";

export type TestPlatform = {
  readonly db: PrismaClient;
  readonly redis: Redis;
  /** For a program under test that connects by itself. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Unique in this test file: for keys and queue names. */
  readonly redisPrefix: string;
};

async function ask(path: "/database" | "/empty-database" | "/redis"): Promise<string> {
  const response = await fetch(`${inject("servicesUrl")}${path}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

/**
 * Call at the top of a test file: its own migrated PostgreSQL database and Redis database, a fresh master key and
 * everything that services read from globalThis. The fields are there from beforeAll on.
 */
export function preparePlatform(): TestPlatform {
  const platform: { redis?: Redis; databaseUrl?: string; redisUrl?: string } = {};
  const need = <T>(value: T | undefined): T => {
    if (value === undefined)
      throw new Error("The platform is there from beforeAll on, not while tests are declared.");
    return value;
  };
  beforeAll(async () => {
    [platform.databaseUrl, platform.redisUrl] = await Promise.all([ask("/database"), ask("/redis")]);
    setMasterKeys([randomBytes(32).toString("hex")]);
    initDb(platform.databaseUrl, { maxConnections: 8 });
    platform.redis = createRedis(platform.redisUrl);
    await new Promise((resolve) => platform.redis?.once("ready", resolve));
    initChanges({ redis: platform.redis });
    initInstallation({
      panelUrl: "https://panel.test",
      httpProxyAddress: "panel.test:8888",
      socksProxyAddress: "panel.test:1080",
    });
  });
  afterAll(async () => {
    platform.redis?.disconnect();
    await closeDb();
  });
  const redisPrefix = `test:${randomUUID()}:`;
  return {
    get db() {
      return getDb();
    },
    get redis() {
      return need(platform.redis);
    },
    get databaseUrl() {
      return need(platform.databaseUrl);
    },
    get redisUrl() {
      return need(platform.redisUrl);
    },
    redisPrefix,
  };
}

const context = (actor: Actor): Context => ({ actor, requestId: randomUUID(), ip: "192.0.2.7" });

export const systemContext = (): Context => context({ kind: "system", name: "test", role: "owner" });
export const cliContext = (): Context => context({ kind: "cli", name: "local-cli", role: "admin" });

/** A signed-in person; without an id, one that is not in the database. */
export const userContext = (user: { id?: string; name?: string; role: Role; sessionId?: string }): Context =>
  context({
    kind: "user",
    id: user.id ?? randomUUID(),
    name: user.name ?? `test-${user.role}`,
    role: user.role,
    sessionId: user.sessionId ?? randomUUID(),
  });
