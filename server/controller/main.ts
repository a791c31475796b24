import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { addCertificates } from "#server/certificate-metrics.ts";
import { initChanges } from "#server/changes/publish-revision.ts";
import { systemClock } from "#server/clock.ts";
import { loadMasterKey } from "#server/crypto.ts";
import { closeDb, initDb } from "#server/db.ts";
import { readEnv } from "#server/env.ts";
import { releaseLeases } from "#server/leases/hold-lease.ts";
import { startLogKeeper } from "#server/log-files/start-log-keeper.ts";
import { createLogger } from "#server/logger.ts";
import { addReadiness } from "#server/readiness.ts";
import { createRedis, createRedisSubscriber } from "#server/redis.ts";
import { startTracing } from "#server/start-tracing.ts";
import { stopTracing } from "#server/tracing.ts";
import { answerConnections } from "./answer-connections.ts";
import { createControllerMetrics } from "./controller-metrics.ts";
import { createErrorTeller } from "./error-teller.ts";
import { createFindMissing, MAY_BE_MISSING } from "./find-missing.ts";
import { startFleet } from "./fleet.ts";
import { followRevisions } from "./follow-revisions.ts";
import { createHealthServer } from "./health-server.ts";
import { startJobs } from "./jobs.ts";
import { Lease } from "./lease.ts";
import { startMaintenance } from "./maintenance.ts";
import { addPostgresMetrics, createPostgresReader } from "./postgres-metrics.ts";
import { addRedisMetrics } from "./redis-metrics.ts";
import { addRevisionMetrics } from "./revision-metrics.ts";
import { createAgentSigner } from "./sign-agent-certificate.ts";

/** Above this the supervisor (or Docker) would have to kill. */
const STOP_WITHIN_MS = 1_800;

const env = readEnv("controller");
const log = createLogger("controller", env);
process.on("unhandledRejection", (error) => log.error({ err: error }, "a failure nobody waited for"));

await startTracing("controller", env, log);
loadMasterKey(env.MASTER_KEY_FILE);
initDb(env.DATABASE_URL_FILE);
const redisTeller = createErrorTeller(log, "Redis is away; changes are pulled every 2 s");
const onError = (error: Error) => redisTeller.failed(error);
const redis = createRedis(env.REDIS_URL_FILE, { onError });
const subscriber = createRedisSubscriber(env.REDIS_URL_FILE, { onError });
redis.on("ready", () => redisTeller.recovered());
initChanges({ redis });

const holder = randomUUID();
const readPostgres = createPostgresReader();
const metrics = createControllerMetrics();
addPostgresMetrics(metrics.registry, readPostgres);
addRevisionMetrics(metrics.registry, metrics.revisionByNode, readPostgres);
addRedisMetrics(metrics.registry, redis);
addCertificates(metrics.registry, env.CERTIFICATE_FILES);
const parts = { metrics, log, clock: systemClock };
const fleet = startFleet({
  ...parts,
  holder,
  ctx: { actor: { kind: "system", name: "controller", role: "owner" }, requestId: holder, ip: null },
  tls: {
    ca: readFileSync(env.NODE_CA_FILE, "utf8"),
    cert: readFileSync(env.CONTROLLER_CERT_FILE, "utf8"),
    key: readFileSync(env.CONTROLLER_KEY_FILE, "utf8"),
  },
  sign:
    env.NODE_CA_KEY_FILE === undefined
      ? null
      : createAgentSigner({ caFile: env.NODE_CA_FILE, caKeyFile: env.NODE_CA_KEY_FILE }),
});
const jobs = startJobs({ ...parts, lease: new Lease("jobs", holder) });
const workerRedis = createRedisSubscriber(env.REDIS_URL_FILE, { onError });
const maintenance = startMaintenance({
  ...parts,
  redis,
  workerRedis,
  keepConnectionDays: env.CONNECTION_HISTORY_DAYS,
});
followRevisions(subscriber, () => fleet.wake());
answerConnections({ redis, subscriber, holder, listNodes: () => fleet.listLed(), log });

const findMissing = createFindMissing({ redis });
addReadiness(metrics.registry, MAY_BE_MISSING, findMissing);
const health = createHealthServer({
  registry: metrics.registry,
  findMissing,
}).listen(env.CONTROLLER_PORT, env.CONTROLLER_HOST);
await once(health, "listening");
startLogKeeper(env, log);
log.info({ port: env.CONTROLLER_PORT }, "controller is ready");

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    log.info({ signal }, "stopping");
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    stop()
      .catch((error) => log.warn({ err: error }, "stopped without tidying up"))
      .finally(() => process.exit(0));
  });
}

async function stop(): Promise<void> {
  health.close();
  health.closeAllConnections();
  await Promise.all([fleet.stop(), jobs.stop(), maintenance.stop()]);
  await releaseLeases({ holder });
  redis.disconnect();
  subscriber.disconnect();
  workerRedis.disconnect();
  await closeDb();
  await stopTracing();
}
