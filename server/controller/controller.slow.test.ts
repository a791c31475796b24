import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { recordChange } from "#server/changes/record-change.ts";
import { systemClock } from "#server/clock.ts";
import { releaseLeases } from "#server/leases/hold-lease.ts";
import { createLogger } from "#server/logger.ts";
import { createTestAuthority, type TestAuthority } from "#server/node-agent/testing/certificates.ts";
import { createRedisSubscriber } from "#server/redis.ts";
import { disableUser } from "#server/users/disable-user.ts";
import { preparePlatform, systemContext } from "#test/database.ts";
import { makeNode, makeUser } from "#test/made.ts";
import type { AgentTls } from "./agent-client.ts";
import { createControllerMetrics } from "./controller-metrics.ts";
import { startFleet } from "./fleet.ts";
import { followRevisions } from "./follow-revisions.ts";
import { startJobs } from "./jobs.ts";
import { Lease } from "./lease.ts";
import { pruneRecords } from "./prune-records.ts";
import { startTestAgent, type TestAgent } from "./testing/test-agent.ts";

const platform = preparePlatform();
const log = createLogger("test", "silent");
let authority: TestAuthority;
let tls: AgentTls;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  authority = await createTestAuthority();
  tls = { ca: authority.ca, ...(await authority.issue("controller")) };
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await platform.db.node.deleteMany();
});

async function startAgent(by = authority): Promise<TestAgent> {
  const agent = await startTestAgent({ ca: authority.ca, ...(await by.issue("local")) });
  cleanups.push(() => agent.close());
  const { id } = await makeNode();
  await platform.db.node.update({ where: { id }, data: { agentUrl: agent.url } });
  return agent;
}

function startController(options: { isListening?: boolean } = {}) {
  const holder = randomUUID();
  const parts = { metrics: createControllerMetrics(), log, clock: systemClock };
  const fleet = startFleet({ ...parts, holder, tls, ctx: systemContext() });
  const jobs = startJobs({ ...parts, lease: new Lease("jobs", holder) });
  if (options.isListening ?? true) {
    const subscriber = createRedisSubscriber(platform.redisUrl);
    followRevisions(subscriber, () => fleet.wake());
    cleanups.push(async () => subscriber.disconnect());
  }
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    await Promise.all([fleet.stop(), jobs.stop()]);
    await releaseLeases({ holder });
  };
  cleanups.push(stop);
  return { stop };
}

async function waitUntil(check: () => boolean | Promise<boolean>, timeoutMs = 5_000): Promise<number> {
  const started = Date.now();
  while (!(await check())) {
    if (Date.now() - started > timeoutMs) throw new Error(`not within ${timeoutMs} ms`);
    await sleep(5);
  }
  return Date.now() - started;
}

const usedBytes = async (userId: string): Promise<number> => {
  const row = await platform.db.userUsage.findUniqueOrThrow({ where: { userId } });
  return Number(row.vpnUp + row.vpnDown);
};

describe("the controller", () => {
  it("brings a new user to the node within 500 ms, and takes a disabled one away", async () => {
    const agent = await startAgent();
    startController();
    await waitUntil(() => agent.revision > 0);
    expect(agent.inbounds.map(({ tag }) => tag)).toEqual(["direct", "edge"]);
    const user = await makeUser();
    expect(await waitUntil(() => agent.users.has(user.id))).toBeLessThan(500);
    expect(user.vlessLinks[0]).toContain(agent.users.get(user.id)?.vlessId);
    await disableUser({ ctx: systemContext(), ref: user.id });
    expect(await waitUntil(() => !agent.users.has(user.id))).toBeLessThan(500);
    expect(agent.requests.filter((line) => line === "PUT /v1/snapshot")).toHaveLength(1);
  });

  it("heals what was missed: no message, a restarted agent that lost a user, a pruned feed", async () => {
    const agent = await startAgent();
    startController({ isListening: false });
    await waitUntil(() => agent.revision > 0);
    const user = await makeUser();
    await waitUntil(() => agent.users.has(user.id));

    agent.users.delete(user.id);
    agent.boot = randomUUID();
    await waitUntil(() => agent.users.has(user.id));

    const other = await makeUser();
    await platform.db.$transaction((tx) => recordChange(tx, "session", []));
    await pruneRecords({ now: new Date(Date.now() + 8 * 86_400_000) });
    await waitUntil(() => agent.users.has(other.id));
    const { _max } = await platform.db.change.aggregate({ _max: { id: true } });
    await waitUntil(() => agent.revision === Number(_max.id));
  });

  it("counts a batch once, though its acknowledgement was lost twice", async () => {
    const agent = await startAgent();
    const user = await makeUser();
    agent.acksToLose = 2;
    const entry = { userId: user.id, upBytes: 1_000, downBytes: 50_000 };
    agent.journal.batches = [
      { seq: 1, at: Date.now(), entries: [entry] },
      { seq: 2, at: Date.now(), entries: [entry, { ...entry, userId: randomUUID() }] },
    ];
    startController();
    await waitUntil(() => agent.acks.length === 1);
    expect(agent.acks).toEqual([{ seq: 2, totals: [{ userId: user.id, usedBytes: 102_000 }] }]);
    expect(await usedBytes(user.id)).toBe(102_000);
    agent.journal.batches = [{ seq: 3, at: Date.now(), entries: [entry] }];
    await waitUntil(() => agent.acks.length === 2);
    expect(await usedBytes(user.id)).toBe(153_000);
  });

  it("takes a user who is over the limit off the node", async () => {
    const agent = await startAgent();
    const user = await makeUser({ limitBytes: 10_000 });
    startController();
    await waitUntil(() => agent.users.has(user.id));
    agent.journal.batches = [
      { seq: 1, at: Date.now(), entries: [{ userId: user.id, upBytes: 0, downBytes: 10_000 }] },
    ];
    await waitUntil(() => !agent.users.has(user.id));
  });

  it("lets a slow node delay nobody", async () => {
    const slow = await startAgent();
    const quick = await startAgent();
    startController();
    await waitUntil(() => slow.revision > 0 && quick.revision > 0);
    slow.delayMs = 4_000;
    await sleep(50);
    const user = await makeUser();
    expect(await waitUntil(() => quick.users.has(user.id))).toBeLessThan(500);
    expect(slow.users.has(user.id)).toBe(false);
  });

  it("leaves a node to the controller that holds its lease, and takes over when that one ends", async () => {
    const agent = await startAgent();
    const first = startController();
    await waitUntil(() => agent.revision > 0);
    startController();
    await sleep(500);
    expect(agent.requests.filter((line) => line === "PUT /v1/snapshot")).toHaveLength(1);
    await first.stop();
    const user = await makeUser();
    await waitUntil(() => agent.users.has(user.id));
  });

  it("says in words why a node is not reached, and forgets it once it is", async () => {
    const stranger = await createTestAuthority();
    const agent = await startAgent(stranger);
    startController();
    const lastError = async () => (await platform.db.node.findFirstOrThrow()).lastError;
    await waitUntil(async () => (await lastError()) !== null);
    expect(await lastError()).toMatch(/certificate was not made by our node CA/);
    expect(agent.requests).toEqual([]);
    const good = await startTestAgent({ ca: authority.ca, ...(await authority.issue("local")) });
    cleanups.push(() => good.close());
    await platform.db.node.updateMany({ data: { agentUrl: good.url } });
    await waitUntil(async () => (await lastError()) === null && good.revision > 0);
  });

  it("writes an expiry at its moment, not a sweep later", async () => {
    startController();
    await sleep(300);
    const at = Date.now() + 1_700;
    const user = await makeUser({ expiresAt: new Date(at).toISOString() });
    const status = async () => (await platform.db.user.findUniqueOrThrow({ where: { id: user.id } })).status;
    await sleep(at - Date.now() - 50);
    expect(await status()).toBe("active");
    await waitUntil(async () => (await status()) === "expired");
    expect(Date.now() - at).toBeLessThan(400);
  });

  it("starts a new period for who is due", async () => {
    const user = await makeUser({ resetPeriod: "month" });
    await platform.db.userUsage.update({ where: { userId: user.id }, data: { vpnDown: 5n } });
    await platform.db.user.update({
      where: { id: user.id },
      data: { nextResetAt: new Date(Date.now() - 1) },
    });
    startController();
    await waitUntil(async () => (await usedBytes(user.id)) === 0);
    const row = await platform.db.user.findUniqueOrThrow({ where: { id: user.id } });
    expect(row.nextResetAt?.getTime()).toBeGreaterThan(Date.now());
  });
});
