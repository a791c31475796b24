import { randomUUID } from "node:crypto";
import type {
  AgentConnections,
  AgentState,
  AgentUser,
  Delta,
  EndedAgentConnection,
  UsageAck,
  UsageJournal,
} from "#lib/schemas/agent.ts";
import { UserDigest } from "#lib/user-digest.ts";
import type { Clock } from "#server/clock.ts";
import { conflict } from "#server/errors.ts";
import type { Logger } from "#server/logger.ts";
import { createXrayClient } from "#server/xray/client.ts";
import { ConnectionCutter } from "./connection-cutter.ts";
import { ConnectionTable } from "./connection-table.ts";
import { EdgeClient } from "./edge/edge-client.ts";
import { createExclusive } from "./exclusive.ts";
import { Journal } from "./journal.ts";
import { readLogPipe } from "./log-pipe.ts";
import { NodeCore } from "./node-core.ts";
import { type AgentPaths, preparePaths } from "./paths.ts";
import { startRealitySite } from "./reality-site.ts";
import { listenForReports } from "./report-listener.ts";
import { probeSocketKill } from "./socket-killer.ts";
import { socketsBeyond, socketsHere } from "./socket-reach.ts";
import { type NodeState, StateStore } from "./state-store.ts";
import { UsageMeter } from "./usage-meter.ts";
import { createXrayLog } from "./xray-log.ts";
import { XrayProcess } from "./xray-process.ts";
import { XrayPulse } from "./xray-pulse.ts";

export type AgentOptions = {
  stateDir: string;
  logDir: string;
  xrayBinary: string;
  allowedPrivateTargets: readonly string[];
  ownPorts: readonly number[];
  /** Where clients reach inbounds that stand behind Traefik. */
  edgePublicPort: number;
  /** The edge helper, where Traefik is in another network namespace; left out: it is in this one. */
  edge?: { socketPath: string; traefik: string } | undefined;
  clock: Clock;
  log: Logger;
  /** For Xray's own words; left out: `log`. */
  xrayLog?: Logger;
  /** LOG_DESTINATIONS. */
  keepsDestinations?: boolean;
  /** Seconds that a delta or snapshot took, Xray included. */
  onApplied?: (seconds: number) => void;
};
export const MAY_BE_MISSING = ["snapshot", "xray", "disk", "journal", "edge"] as const;
export type Agent = Awaited<ReturnType<typeof startAgent>>;

const STALE_TOTALS_MILLIS = 2_000;
/** A larger change goes on after its answer: the controller's next one must not wait for it. */
const AWAITED_USERS = 1_000;

/** Everything of the agent but its two listeners. */
export async function startAgent(options: AgentOptions) {
  const { clock, log } = options;
  const paths: AgentPaths = preparePaths(options);
  const store = new StateStore(paths.directory);
  const journal = new Journal(paths.journal);
  const table = new ConnectionTable(paths.connections);
  const client = createXrayClient({ socketPath: paths.apiSocket });
  const xray = new XrayProcess({ binary: options.xrayBinary, paths, client });
  const pulse = new XrayPulse({ process: xray, client });
  const canCutLive = await probeSocketKill();
  if (!canCutLive) {
    log.warn(
      "live VPN connections cannot be ended here: the agent needs CAP_NET_ADMIN and the tool ss (iproute2)",
    );
  }
  const counters = { socketsCut: 0, clientsRejected: 0 };
  const edge = options.edge === undefined ? null : new EdgeClient({ ...options.edge, log });
  await edge?.check();
  const cutter = new ConnectionCutter({
    table,
    client,
    log,
    edgePublicPort: options.edgePublicPort,
    sockets: edge === null ? socketsHere : socketsBeyond(edge, options.edgePublicPort),
    isAble: () => canCutLive,
    getInbounds: () => store.state.inbounds,
    isUserIn: (userId) => core.isUserIn(userId),
    onCut: (sockets) => {
      counters.socketsCut += sockets;
    },
  });
  const core: NodeCore = new NodeCore({
    ...options,
    process: xray,
    client,
    paths,
    store,
    journal,
    table,
    cutter,
  });
  let digest = UserDigest.of(store.state.users.values());
  const syncMisplaced = (userIds: Iterable<string>) => {
    const ids = core.findMisplaced(userIds);
    if (ids.length > 0)
      core.syncUsers(ids).catch((error) => log.error({ err: error }, "users were not changed"));
  };
  let isExpiring = false;
  // Of thousands at once it takes longer than the timer's pause: one at a time.
  const syncExpired = async () => {
    if (isExpiring) return;
    isExpiring = true;
    await core
      .syncUsers(core.findMisplaced(listExpired(store.state.users.values(), clock.now())))
      .catch((error) => log.error({ err: error }, "expired users were not taken out"))
      .finally(() => {
        isExpiring = false;
      });
  };
  const meter = new UsageMeter({ client, process: xray, journal, clock, log, onTraffic: syncMisplaced });

  const site = startRealitySite({
    socketPath: paths.realitySite,
    hasName: (name) => store.state.inbounds.some(({ serverName }) => serverName === name),
    log,
  });
  const reports = await listenForReports({
    socketPath: paths.reportSocket,
    onReport: (report) => cutter.onReport(report, clock.now()),
  });
  const onXrayLine = createXrayLog({
    log,
    xrayLog: options.xrayLog ?? log,
    keepsDestinations: options.keepsDestinations ?? false,
    onAccess: (line) => {
      if (line.kind === "rejected") counters.clientsRejected += 1;
      else if (!table.has(line)) cutter.onReport(line, clock.now());
    },
  });
  const pipe = readLogPipe(paths.logPipe, onXrayLine);
  const version = await xray.readVersion();
  // A broken Xray must not keep the agent from answering: the watch goes on trying.
  await core.open().catch((error) => log.error({ err: error }, "Xray could not be started"));
  const timers = [
    setInterval(() => void core.watch(), 100),
    setInterval(() => void syncExpired(), 250),
    setInterval(() => void pulse.beat(), 1_000),
    setInterval(() => void core.reconcile(), 10_000),
    setInterval(() => void edge?.check(), 2_000),
    setInterval(
      () => cutter.prune(clock.now()).catch((error) => log.warn({ err: error }, "ss failed")),
      5_000,
    ),
  ];
  const metering = meter.run();
  const boot = randomUUID();
  const exclusive = createExclusive();
  const upsertedAt = new Map<string, number>();

  async function settle(ids: ReadonlySet<string>, isRestart: boolean) {
    if (!store.isDurable)
      log.error("the node's state cannot be written, is its disk full? Changes hold until a restart");
    if (isRestart || (await core.isRestartBetter(ids))) return await core.restart(() => meter.poll());
    const work = core.syncUsers(ids);
    if (ids.size <= AWAITED_USERS) await work;
    else work.catch((error) => log.error({ err: error }, "users were not changed"));
  }

  return {
    paths,
    counters,
    core,
    table,
    store,
    journal,
    getState(): AgentState {
      return {
        boot,
        revision: store.state.revision,
        usersDigest: digest.toString(),
        users: store.state.users.size,
        xray: { isUp: pulse.isAnswering, pid: xray.identity?.pid ?? null, version },
        canCutLive: canCutLive && (edge === null || edge.canCut),
        driftHealed: core.driftHealed,
        journalLength: journal.length,
      };
    },

    /** What keeps the node from doing its job, in a word each. */
    findMissing: (): (typeof MAY_BE_MISSING)[number][] => [
      ...(store.state.revision === 0 ? (["snapshot"] as const) : []),
      ...(pulse.isAnswering ? [] : (["xray"] as const)),
      ...(store.isDurable ? [] : (["disk"] as const)),
      ...(meter.isFailing ? (["journal"] as const) : []),
      ...(edge === null || edge.canCut ? [] : (["edge"] as const)),
    ],

    client,
    isXrayUp: () => pulse.isAnswering,
    readXraySystem: () => client.readSystem(),
    now: () => clock.now(),

    async applySnapshot(next: NodeState): Promise<void> {
      await exclusive(async () => {
        const startedAt = performance.now();
        const isRestart = JSON.stringify(next.inbounds) !== JSON.stringify(store.state.inbounds);
        if (isRestart) await core.test(next.inbounds);
        const ids = new Set([...store.state.users.keys(), ...next.users.keys()]);
        store.replace(next);
        digest = UserDigest.of(next.users.values());
        await settle(ids, isRestart);
        options.onApplied?.((performance.now() - startedAt) / 1000);
      });
    },

    async applyDelta(delta: Delta): Promise<void> {
      await exclusive(async () => {
        const startedAt = performance.now();
        const { state } = store;
        if (delta.from !== state.revision) {
          throw conflict(`This node is at revision ${state.revision}, not ${delta.from}.`);
        }
        const { inbounds } = delta;
        const isRestart = inbounds !== null && JSON.stringify(inbounds) !== JSON.stringify(state.inbounds);
        if (isRestart) await core.test(inbounds);
        const ids = new Set([...delta.upsert.map(({ id }) => id), ...delta.remove]);
        const pick = () => [...ids].flatMap((id) => state.users.get(id) ?? []);
        for (const user of pick()) digest.remove(user);
        store.apply(delta);
        for (const user of pick()) digest.add(user);
        for (const { id } of delta.upsert) upsertedAt.set(id, clock.now());
        await settle(ids, isRestart);
        options.onApplied?.((performance.now() - startedAt) / 1000);
      });
    },

    listUsage(limit: number): UsageJournal {
      return { journalId: journal.journalId, batches: journal.listBatches(limit) };
    },

    listConnections({ user, limit }: { user?: string | undefined; limit: number }): AgentConnections {
      const found = user === undefined ? table.list() : table.listOfUser(user);
      const youngest = found.toSorted((a, b) => b.since - a.since).slice(0, limit);
      const items = youngest.map(({ inboundTag, ...rest }) => ({ ...rest, inbound: inboundTag }));
      return { open: found.length, items };
    },

    async endConnection(id: string): Promise<EndedAgentConnection> {
      const connection = table.find(id);
      if (connection === null) return { ended: 0, whyNot: null };
      if (!canCutLive)
        return { ended: 0, whyNot: "This node cannot end live connections: its agent lacks CAP_NET_ADMIN." };
      return { ended: await cutter.endOne(connection), whyNot: null };
    },

    acknowledgeUsage(ack: UsageAck): void {
      if (ack.journalId !== journal.journalId) throw conflict("This node has another usage journal now.");
      journal.acknowledge(ack.seq);
      // These totals may be older than a reset that came by another request; the next ones are not.
      const isFresh = (userId: string) => clock.now() - (upsertedAt.get(userId) ?? 0) < STALE_TOTALS_MILLIS;
      for (const id of upsertedAt.keys()) if (!isFresh(id)) upsertedAt.delete(id);
      const isNews = ({ userId, usedBytes }: UsageAck["totals"][number]) =>
        !isFresh(userId) || usedBytes < (store.state.users.get(userId)?.usedBytes ?? 0);
      store.setUsed(ack.totals.filter(isNews));
      syncMisplaced(ack.totals.map(({ userId }) => userId));
    },

    /** Leaves Xray running. */
    async stop(): Promise<void> {
      for (const timer of timers) clearInterval(timer);
      meter.stop();
      await metering;
      await meter.poll();
      site.close();
      reports.close();
      reports.closeAllConnections();
      pipe.close();
      await exclusive(async () => {});
      store.close();
      journal.close();
      table.close();
      await edge?.close();
    },

    /** For tests and for taking the node out of service. */
    stopXray: () => xray.stop(),
  };
}

function* listExpired(users: Iterable<AgentUser>, now: number): Generator<string> {
  for (const { id, expiresAt } of users) if (expiresAt !== null && expiresAt <= now) yield id;
}
