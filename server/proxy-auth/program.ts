import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Clock, systemClock } from "#server/clock.ts";
import type { ProgramEnv } from "#server/env.ts";
import type { Logger } from "#server/logger.ts";
import { createRegistry } from "#server/metrics.ts";
import { addReadiness, createProbe } from "#server/readiness.ts";
import { createRedis, createRedisSubscriber } from "#server/redis.ts";
import { answerQuestions } from "./connections/answer-questions.ts";
import { createDoors } from "./create-doors.ts";
import { DoorsMetrics } from "./doors-metrics.ts";
import { findMissing, MAY_BE_MISSING } from "./find-missing.ts";
import { createForwardAuth } from "./forward-auth/create-forward-auth.ts";
import { createSessionLookup, createTokenLookup } from "./forward-auth/credential-lookups.ts";
import { createHttpProxy } from "./http/proxy-server.ts";
import { Ledger } from "./limits/ledger.ts";
import { limitSettings } from "./limits/limit-settings.ts";
import { Pacer } from "./limits/pacer.ts";
import { TunnelLimits } from "./limits/tunnel-limits.ts";
import { createAddressList } from "./net/address-list.ts";
import { Deadlines } from "./net/deadlines.ts";
import { listen } from "./net/listen.ts";
import { timeoutsFrom } from "./net/timeouts.ts";
import { addProgramMetrics } from "./program-metrics.ts";
import { InternalApi } from "./replica/internal-api.ts";
import { Replica } from "./replica/replica.ts";
import { ReplicaFeed } from "./replica/replica-feed.ts";
import { REPLICA_FILE, ReplicaFile } from "./replica/replica-file.ts";
import { SwitchOff } from "./replica/switch-off.ts";
import { createShutdown, type Leaving, type Shutdown } from "./shutdown.ts";
import { createSocksProxy } from "./socks/socks-proxy.ts";
import { KeyRing } from "./upstream-token/key-ring.ts";
import { Accounts } from "./usage/accounts.ts";
import { UsageJournal } from "./usage/usage-journal.ts";
import { UsageReporter } from "./usage/usage-reporter.ts";
import { WorkerLink } from "./workers/worker-link.ts";

/** Quotas of requests inside node:http are looked at this often. */
const SAMPLE_MS = 250;
const PROBE_MS = 500;

export type ProxyAuth = Shutdown & {
  ports: { forwardAuth: number; forwardAuthTls: number | null; http: number; socks: number };
};
type StartOptions = {
  env: ProgramEnv<"proxy-auth">;
  logger: Logger;
  clock?: Clock;
  /** Tests: name servers, and ports of the kernel's choice (0). */
  dnsServers?: string[];
  ports?: { forwardAuth: number; forwardAuthTls?: number; http: number; socks: number };
  /** A worker: metrics are asked for from all of them. */
  isWorker?: boolean;
};

/** Wires the program. Resolves when it listens, which it does with an old replica while the panel is away. */
export async function startProxyAuth({
  env,
  logger,
  clock = systemClock,
  dnsServers,
  ports,
  isWorker = false,
}: StartOptions): Promise<ProxyAuth> {
  const registry = createRegistry();
  const metrics = new DoorsMetrics(registry);
  const isTrusted = createAddressList(env.TRUSTED_PROXIES);
  const isDirect = env.DOORS_DIRECT === "1";
  const deadlines = new Deadlines(clock, timeoutsFrom(env));
  const onRedisError = (error: Error) => logger.debug({ err: error }, "Redis is away");
  const redis = createRedis(env.REDIS_URL_FILE, { onError: onRedisError });
  const subscriber = createRedisSubscriber(env.REDIS_URL_FILE, { onError: onRedisError });
  const api = new InternalApi({ baseUrl: env.WEB_INTERNAL_URL, token: env.INTERNAL_TOKEN_FILE });

  const processId = randomUUID();
  const pacer = new Pacer(clock, (door) => metrics.limits.inc({ door, limit: "speed" }));
  const ledger = new Ledger(redis, processId);
  const settings = limitSettings(env);
  if (settings.maxTunnels < env.DOORS_MAX_TUNNELS)
    logger.warn(
      { tunnels: settings.maxTunnels, wanted: env.DOORS_MAX_TUNNELS },
      "this process may not open enough files for DOORS_MAX_TUNNELS: raise its limit (ulimit -n) to 2.2 times as many",
    );
  const limits = new TunnelLimits({
    settings,
    ledger,
    pacer,
    openNow: () => metrics.openNow,
    onHit: (door, limit) => metrics.limits.inc({ door, limit }),
  });
  const switchOff = new SwitchOff({
    deadlines,
    clock,
    pacer,
    logger,
    onCut: (reason, count) => metrics.cut.inc({ reason }, count),
  });
  const replica = new Replica({ clock, onChange: (change) => switchOff.onChange(change, accounts) });
  const accounts: Accounts = new Accounts(
    (account) => switchOff.onNewAccount(account, replica),
    (account) => {
      switchOff.onLimit(account);
      metrics.countVolumeLimit(account);
    },
  );
  const opened = await UsageJournal.open(join(env.STATE_DIR, "usage.journal"), clock);
  if (opened.isDamaged) logger.error("the usage journal was damaged; what could be read of it is reported");
  const journal = opened.journal;
  for (const [userId, bytes] of journal.unacked()) accounts.get(userId).addUnacked(bytes);

  const sessions = createSessionLookup({
    redis,
    api,
    clock,
    onLookup: metrics.countLookups("session"),
    onSpent: () => metrics.limits.inc({ door: "web", limit: "guesses" }),
  });
  const tokens = createTokenLookup({ api, clock, onLookup: metrics.countLookups("token") });
  const ring = new KeyRing({ register: (input) => api.registerJwtKey(input), clock, logger });
  const reporter: UsageReporter = new UsageReporter({
    accounts,
    journal,
    api,
    clock,
    logger,
    metrics,
    whenFeedIsQuiet: () => feed.whenQuiet(),
    onTotals: (totals) => {
      for (const { userId, usedBytes } of totals) replica.setUsedBytes(userId, usedBytes);
    },
  });
  const feed = new ReplicaFeed({
    api,
    replica,
    subscriber,
    logger,
    isReporting: () => reporter.isSending,
    onEffect: (changed) => metrics.observeEffect(changed, clock.now()),
    onEnded: ({ endedSessions, revokedTokens }) => {
      for (const id of endedSessions) sessions.revoke(id);
      for (const id of revokedTokens) tokens.revoke(id);
    },
    onReloaded: () => {
      sessions.forget();
      tokens.forget();
      // A panel that was restored has forgotten them.
      void ring.renew();
    },
  });
  const replicaFile = new ReplicaFile({ path: join(env.STATE_DIR, REPLICA_FILE), replica, clock, logger });
  if (await replicaFile.load())
    logger.info({ users: replica.size }, "serving from the replica's copy on disk");

  const { doors, throttle } = createDoors({
    env,
    api,
    clock,
    logger,
    metrics,
    replica,
    accounts,
    deadlines,
    limits,
    ledger,
    refresh: () => feed.pull(),
    isTrusted: isDirect ? null : isTrusted,
    ...(dnsServers && { dnsServers }),
  });
  const httpProxy = createHttpProxy(doors);
  const socksProxy = createSocksProxy(doors);
  const isRedisUp = createProbe(() => redis.ping(), PROBE_MS);
  const missing = () => findMissing({ replica, reporter, isRedisUp });
  const leaving: Leaving = { isLeaving: false };
  const forwardAuth = createForwardAuth({
    env,
    ring,
    deadlines,
    isLeaving: () => leaving.isLeaving,
    sources: {
      replica,
      throttle,
      sessions,
      tokens,
      clock,
      unackedBytes: (userId) => accounts.find(userId)?.unackedBytes ?? 0,
    },
    api,
    isTrusted,
    metrics,
    registry: isWorker ? new WorkerLink(registry) : registry,
    missing,
    logger,
  });
  addProgramMetrics(registry, { journal, replica, feed, accounts });
  addReadiness(registry, MAY_BE_MISSING, missing);

  answerQuestions({
    redis,
    subscriber,
    process: processId,
    accounts,
    keepsDestinations: env.LOG_DESTINATIONS === "1",
    logger,
  });
  ring.start();
  limits.start();
  const firstPull = feed.start();
  if (!replica.isUsable) await firstPull;
  const sampler = setInterval(() => accounts.sampleAll(), SAMPLE_MS);
  reporter.start();
  replicaFile.start();
  const host = env.PROXY_AUTH_HOST;
  const doorsHost = isDirect ? null : host;
  const { server, secure } = forwardAuth;
  const listening = {
    forwardAuth: await listen(server, ports?.forwardAuth ?? env.FORWARD_AUTH_PORT, host),
    forwardAuthTls:
      secure && (await listen(secure.server, ports?.forwardAuthTls ?? env.FORWARD_AUTH_TLS_PORT, host)),
    http: await listen(httpProxy.server, ports?.http ?? env.HTTP_PROXY_LISTEN_PORT, doorsHost),
    socks: await listen(socksProxy, ports?.socks ?? env.SOCKS_PROXY_LISTEN_PORT, doorsHost),
  };
  logger.info({ ports: listening, users: replica.size }, "proxy-auth is listening");

  const shutdown = createShutdown({
    leaving,
    clock,
    accounts,
    reporter,
    httpProxy,
    socksProxy,
    forwardAuth,
    stopWork: () => {
      feed.stop();
      ring.stop();
      limits.stop();
      clearInterval(sampler);
    },
    closeStores: async () => {
      await replicaFile.stop();
      deadlines.stop();
      pacer.stop();
      redis.disconnect();
      subscriber.disconnect();
      await api.close();
      await journal.close();
    },
  });
  return { ports: listening, ...shutdown };
}
