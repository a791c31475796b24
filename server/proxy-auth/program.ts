import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { type Clock, systemClock } from "#server/clock.ts";
import type { ProgramEnv } from "#server/env.ts";
import type { Logger } from "#server/logger.ts";
import { createRegistry } from "#server/metrics.ts";
import { addReadiness, createProbe } from "#server/readiness.ts";
import { createRedis, createRedisSubscriber } from "#server/redis.ts";
import { answerQuestions } from "./connections/answer-questions.ts";
import type { Doors } from "./doors.ts";
import { DoorsMetrics } from "./doors-metrics.ts";
import { findMissing, MAY_BE_MISSING } from "./find-missing.ts";
import { createSessionLookup, createTokenLookup } from "./forward-auth/credential-lookups.ts";
import { createForwardAuthServer, type ServerOptions } from "./forward-auth/forward-auth-server.ts";
import { KnownVisitors } from "./forward-auth/known-visitors.ts";
import { SecureForwardAuth } from "./forward-auth/secure-server.ts";
import { createHttpProxy } from "./http/proxy-server.ts";
import { Ledger } from "./limits/ledger.ts";
import { limitSettings } from "./limits/limit-settings.ts";
import { Pacer } from "./limits/pacer.ts";
import { TunnelLimits } from "./limits/tunnel-limits.ts";
import { createAddressList } from "./net/address-list.ts";
import { Deadlines } from "./net/deadlines.ts";
import { createDial } from "./net/dial.ts";
import { createResolver } from "./net/resolver.ts";
import { createTargetGuard } from "./net/target-guard.ts";
import { timeoutsFrom } from "./net/timeouts.ts";
import { addProgramMetrics } from "./program-metrics.ts";
import { quietTurn } from "./quiet-turn.ts";
import { Admission } from "./replica/admission.ts";
import { GuessThrottle } from "./replica/guess-throttle.ts";
import { InternalApi } from "./replica/internal-api.ts";
import { KnownNetworks } from "./replica/known-networks.ts";
import { Replica } from "./replica/replica.ts";
import { ReplicaFeed } from "./replica/replica-feed.ts";
import { ReplicaFile } from "./replica/replica-file.ts";
import { SwitchOff } from "./replica/switch-off.ts";
import { UnknownNames } from "./replica/unknown-names.ts";
import { createSocksProxy } from "./socks/socks-proxy.ts";
import { parsePortRange, portsOf } from "./socks/udp-ports.ts";
import { KeyRing } from "./upstream-token/key-ring.ts";
import { UpstreamTokens } from "./upstream-token/upstream-tokens.ts";
import { Accounts } from "./usage/accounts.ts";
import { UsageJournal } from "./usage/usage-journal.ts";
import { UsageReporter } from "./usage/usage-reporter.ts";
import { createVisitLog } from "./visit-log.ts";
import { WorkerLink } from "./workers/worker-link.ts";

/** Quotas of requests inside node:http are looked at this often. */
const SAMPLE_MS = 250;
const REPORT_ON_STOP_MS = 1_200;
const ANSWER_ON_STOP_MS = 1_000;
/** How long Traefik goes on sending to a listener that has just closed its health check. */
const UNNOTICED_MS = 2_000;
const PROBE_MS = 500;
const TURNS_TO_END = 10;

export type ProxyAuth = {
  ports: { forwardAuth: number; forwardAuthTls: number | null; http: number; socks: number };
  /** Takes nothing new and waits until what is open has ended, at most this long. */
  drain: (timeoutMs: number) => Promise<void>;
  stop: () => Promise<void>;
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
  const limits = new TunnelLimits({
    settings: limitSettings(env),
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
  const replicaFile = new ReplicaFile({ path: join(env.STATE_DIR, "replica"), replica, clock, logger });
  if (await replicaFile.load())
    logger.info({ users: replica.size }, "serving from the replica's copy on disk");

  const udpRange = parsePortRange(env.SOCKS_UDP_PORTS);
  const resolve = createResolver({
    clock,
    onLookup: metrics.countLookups("dns"),
    ...(dnsServers ? { servers: dnsServers } : {}),
  });
  const guard = createTargetGuard({
    resolve,
    clock,
    allowedPrivateTargets: env.ALLOWED_PRIVATE_TARGETS,
    ownPorts: [...env.OWN_PORTS, ...portsOf(udpRange)],
    destinationsOf: (userId) => {
      const user = replica.findById(userId);
      return user && replica.rules.destinationsOf(user);
    },
  });
  const throttle = new GuessThrottle({
    clock,
    ledger,
    processes: () => limits.processes,
    known: new KnownNetworks({ api, clock }),
  });
  const admission = new Admission({
    throttle,
    replica,
    accounts,
    unknownNames: new UnknownNames({ api, clock, onLookup: metrics.countLookups("unknown_name") }),
    refresh: () => feed.pull(),
    clock,
    logger,
    onRefused: (door, refused) => metrics.countRefusal(door, refused),
  });
  const doors: Doors = {
    admission,
    accounts,
    dial: createDial({ guard, deadlines }),
    deadlines,
    clock,
    logger,
    metrics,
    isTrusted: isDirect ? null : isTrusted,
    visited: createVisitLog(logger, env.LOG_DESTINATIONS === "1"),
    limits,
    guard,
    rulesOf: ({ groups }) => `${replica.rules.version} ${groups.join()}`,
    udp: udpRange && {
      ...udpRange,
      host: env.SOCKS_UDP_HOST,
      address: env.SOCKS_UDP_ADDRESS,
    },
  };
  const httpProxy = createHttpProxy(doors);
  const socksProxy = createSocksProxy(doors);
  const isRedisUp = createProbe(() => redis.ping(), PROBE_MS);
  const missing = () => findMissing({ replica, reporter, isRedisUp });
  let isLeaving = false;
  const forwardAuthOptions: ServerOptions = {
    deadlines,
    isLeaving: () => isLeaving,
    sources: {
      replica,
      throttle,
      sessions,
      tokens,
      clock,
      panelHostname: new URL(env.PANEL_URL).hostname.replace(/^\[|\]$/g, ""),
      unackedBytes: (userId) => accounts.find(userId)?.unackedBytes ?? 0,
    },
    api,
    tokens: new UpstreamTokens({ ring, issuer: env.PANEL_URL, clock }),
    panelUrl: env.PANEL_URL,
    isTrusted,
    metrics,
    registry: isWorker ? new WorkerLink(registry) : registry,
    missing,
    logger,
  };
  const known = new KnownVisitors(forwardAuthOptions.sources);
  const forwardAuth = createForwardAuthServer(forwardAuthOptions, known);
  const { FORWARD_AUTH_CERT_FILE: cert, FORWARD_AUTH_KEY_FILE: key } = env;
  const secure = cert && key ? new SecureForwardAuth(forwardAuthOptions, known, { cert, key }) : null;
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
  const doorsHost = isDirect ? EVERY_ADDRESS : host;
  const listening = {
    forwardAuth: await listen(forwardAuth, ports?.forwardAuth ?? env.FORWARD_AUTH_PORT, host),
    forwardAuthTls:
      secure && (await listen(secure.server, ports?.forwardAuthTls ?? env.FORWARD_AUTH_TLS_PORT, host)),
    http: await listen(httpProxy.server, ports?.http ?? env.HTTP_PROXY_LISTEN_PORT, doorsHost),
    socks: await listen(socksProxy, ports?.socks ?? env.SOCKS_PROXY_LISTEN_PORT, doorsHost),
  };
  logger.info({ ports: listening, users: replica.size }, "proxy-auth is listening");

  const isOpen = () => [...accounts.all()].some(({ open }) => open.size > 0);
  const drain = async (timeoutMs: number) => {
    const deadline = clock.now() + timeoutMs;
    // Traefik's health checks of both doors ask it. ForwardAuth goes on: its callers know a name, not who leaves.
    isLeaving = true;
    secure?.leave();
    await sleep(UNNOTICED_MS);
    httpProxy.server.close();
    httpProxy.endWaiting();
    socksProxy.close();
    while (isOpen() && clock.now() < deadline) await sleep(SAMPLE_MS);
  };

  const stop = async () => {
    isLeaving = true;
    await quietTurn();
    httpProxy.server.close();
    socksProxy.close();
    const answered = new Promise<void>((resolve) => forwardAuth.close(() => resolve()));
    const secureAnswered = secure?.close();
    forwardAuth.closeIdleConnections();
    feed.stop();
    ring.stop();
    limits.stop();
    clearInterval(sampler);
    for (const account of accounts.all()) account.cutAll("shutdown");
    // What ends is told a turn or two later, and belongs to the last report.
    for (let turn = 0; turn < TURNS_TO_END && isOpen(); turn++) await nextTurn();
    // Who connected last has not asked yet.
    await Promise.all([
      reporter.stop(REPORT_ON_STOP_MS),
      Promise.race([
        Promise.all([answered, secureAnswered]),
        sleep(ANSWER_ON_STOP_MS, undefined, { ref: false }),
      ]),
    ]);
    httpProxy.close();
    httpProxy.server.closeAllConnections();
    forwardAuth.closeAllConnections();
    secure?.destroy();
    await replicaFile.stop();
    deadlines.stop();
    pacer.stop();
    redis.disconnect();
    subscriber.disconnect();
    await api.close();
    await journal.close();
  };
  return { ports: listening, drain, stop };
}

/** Of IPv6 and IPv4, where there are both. */
const EVERY_ADDRESS = null;

async function listen(server: Server, port: number, host: string | null): Promise<number> {
  server.listen({ port, backlog: 4096, ...(host !== null && { host }) });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
