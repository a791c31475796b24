import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#server/clock.ts";
import { releaseLeases } from "#server/leases/hold-lease.ts";
import { createLogger } from "#server/logger.ts";
import { createTestAuthority, type TestAuthority } from "#server/node-agent/testing/certificates.ts";
import { addNode } from "#server/nodes/add-node.ts";
import { certificateNameOf } from "#server/nodes/enrolment-secret.ts";
import { removeNode } from "#server/nodes/remove-node.ts";
import { signEnrolments } from "#server/nodes/sign-enrolments.ts";
import { preparePlatform, systemContext } from "#test/database.ts";
import { makeUser } from "#test/made.ts";
import type { AgentTls } from "./agent-client.ts";
import { createControllerMetrics } from "./controller-metrics.ts";
import { startFleet } from "./fleet.ts";
import { startTestAgent, type TestAgent } from "./testing/test-agent.ts";

const platform = preparePlatform();
const ctx = systemContext();
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

/** A node that has joined, as far as the database knows. */
async function join(name: string): Promise<string> {
  const { id } = await addNode({ ctx, input: { name, address: "127.0.0.1" } });
  await platform.db.nodeEnrolment.update({ where: { nodeId: id }, data: { csr: "asked" } });
  await signEnrolments({ ctx, sign: async () => ({ certificate: "made", ca: "made" }) });
  return id;
}

async function startAgent(id: string, certificateName: string): Promise<TestAgent> {
  const agent = await startTestAgent({ ca: authority.ca, ...(await authority.issue(certificateName)) });
  cleanups.push(() => agent.close());
  await platform.db.node.update({ where: { id }, data: { agentUrl: agent.url } });
  return agent;
}

function startController() {
  const holder = randomUUID();
  const log = createLogger("test", "silent");
  const fleet = startFleet({ metrics: createControllerMetrics(), log, clock: systemClock, holder, tls, ctx });
  cleanups.push(async () => {
    await fleet.stop();
    await releaseLeases({ holder });
  });
  return fleet;
}

async function waitUntil(check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 6_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`not within 6 s: ${check}`);
    await sleep(10);
  }
}

describe("a node that joined", () => {
  it("is followed by its certificate's name, wherever it is", async () => {
    const user = await makeUser();
    const id = await join("oslo");
    const agent = await startAgent(id, certificateNameOf(id));
    startController();
    await waitUntil(() => agent.users.has(user.id));
    expect(agent.inbounds.map(({ tag }) => tag)).toEqual(["direct"]);
  });

  it.each(["another node's", "the installation's own node's", "the controller's"])(
    "is told nothing when it shows %s certificate",
    async (whose) => {
      const id = await join("impostor");
      const names = { "another node's": certificateNameOf(randomUUID()), "the controller's": "controller" };
      const agent = await startAgent(id, names[whose as keyof typeof names] ?? "local");
      startController();
      await waitUntil(async () => {
        const { lastError } = await platform.db.node.findUniqueOrThrow({ where: { id } });
        return lastError?.includes("certificate") === true;
      });
      expect(agent.requests).toEqual([]);
    },
  );

  it("is left alone before its machine has joined", async () => {
    const { id } = await addNode({ ctx, input: { name: "later", address: "127.0.0.1" } });
    const agent = await startAgent(id, certificateNameOf(id));
    startController();
    await sleep(400);
    expect(agent.requests).toEqual([]);
  });

  it("is emptied when it is taken out, its last usage counted, and then forgotten", async () => {
    const user = await makeUser();
    const id = await join("leaving");
    const agent = await startAgent(id, certificateNameOf(id));
    const fleet = startController();
    await waitUntil(() => agent.users.has(user.id));
    agent.journal.batches.push({
      seq: 1,
      at: Date.now(),
      entries: [{ userId: user.id, upBytes: 300, downBytes: 700 }],
    });
    await removeNode({ ctx, ref: "leaving" });
    fleet.wake();
    await waitUntil(async () => (await platform.db.node.findUnique({ where: { id } })) === null);
    expect(agent).toMatchObject({ inbounds: [] });
    expect(agent.users.size).toBe(0);
    const { vpnUp, vpnDown } = await platform.db.userUsage.findUniqueOrThrow({ where: { userId: user.id } });
    expect([vpnUp, vpnDown]).toEqual([300n, 700n]);
  });
});
