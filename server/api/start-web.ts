import { serve } from "@hono/node-server";
import type { Redis } from "ioredis";
import { initChanges } from "#server/changes/publish-revision.ts";
import { systemClock } from "#server/clock.ts";
import { loadMasterKey } from "#server/crypto.ts";
import { initDb } from "#server/db.ts";
import { readEnv } from "#server/env.ts";
import { createLogger, type Logger } from "#server/logger.ts";
import { createRegistry } from "#server/metrics.ts";
import { createRedis } from "#server/redis.ts";
import { startTracing } from "#server/start-tracing.ts";
import { stopTracing } from "#server/tracing.ts";
import { initInstallation } from "#server/users/installation.ts";
import packageJson from "../../package.json" with { type: "json" };
import { createApi } from "./create-api.ts";
import { isPostgresUp, readReadiness } from "./health.ts";
import { createInternalApi } from "./internal/create-internal-api.ts";
import { addWebMetrics } from "./web-metrics.ts";
import { setWebRuntime, type WebRuntime } from "./web-runtime.ts";

/** Opens what requests need and the inner listener. A wrong setting ends the process with one line. */
export async function startWeb(): Promise<void> {
  try {
    const runtime = await openRuntime();
    setWebRuntime(runtime);
    runtime.isPostgresUp = () => isPostgresUp(runtime);
    addWebMetrics(runtime.registry, () => readReadiness(runtime));
    // Made here too, so that a route without a permission stops the start and not the first request.
    createApi(runtime);
    await listenInside(runtime);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

async function openRuntime(): Promise<WebRuntime> {
  const env = readEnv("web");
  const logger = createLogger("web", env);
  // Before the database: its queries are traced from the start.
  await startTracing("web", env, logger);
  loadMasterKey(env.MASTER_KEY_FILE);
  initDb(env.DATABASE_URL_FILE);
  const redis = openRedis(env.REDIS_URL_FILE, logger);
  initChanges({ redis });
  initInstallation({
    panelUrl: env.PANEL_URL,
    httpProxyAddress: env.HTTP_PROXY_ADDRESS,
    socksProxyAddress: env.SOCKS_PROXY_ADDRESS,
  });
  return {
    env,
    redis,
    logger,
    registry: createRegistry(),
    clock: systemClock,
    version: packageJson.version,
  };
}

/** One line when Redis goes away and one when it is back, not one a retry. */
function openRedis(url: string, logger: Logger): Redis {
  let isAway = false;
  const redis = createRedis(url, {
    onError: (error) => {
      if (!isAway) logger.warn({ reason: error.message }, "redis is away");
      isAway = true;
    },
  });
  redis.on("ready", () => {
    if (isAway) logger.info("redis is back");
    isAway = false;
  });
  return redis;
}

function listenInside(runtime: WebRuntime): Promise<void> {
  const { WEB_INTERNAL_HOST: hostname, WEB_INTERNAL_PORT: port } = runtime.env;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const server = serve({ fetch: createInternalApi(runtime).fetch, hostname, port }, () => {
    runtime.logger.info({ hostname, port }, "inner listener is open");
    resolve();
  });
  server.once("error", (error: Error) => {
    reject(new Error(`web cannot listen on ${hostname}:${port} (${error.message}). Set WEB_INTERNAL_PORT.`));
  });
  process.once("SIGTERM", () => {
    server.close();
    void stopTracing();
  });
  return promise;
}
