import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AgentUser, Delta } from "#lib/schemas/agent.ts";
import { findTraefik, findXray } from "./testing/find-binary.ts";
import { makeUser, usersById } from "./testing/make-user.ts";
import { createRig, type Rig } from "./testing/rig.ts";
import { startTraefikFront } from "./testing/traefik-front.ts";
import { waitUntil } from "./testing/vpn-client.ts";

const binary = findXray();
const traefik = findTraefik();

describe.skipIf(binary === null)("doors close by themselves", { timeout: 30_000 }, () => {
  let rig: Rig;
  const bob = makeUser();

  beforeAll(async () => {
    rig = await createRig(binary ?? "");
    await rig.agent.applySnapshot({ revision: 1, inbounds: rig.inbounds, users: usersById(bob) });
  }, 30_000);
  afterAll(async () => {
    await rig?.close();
  }, 30_000);

  const change = async (upsert: AgentUser[], remove: string[] = []): Promise<void> => {
    const { revision } = rig.agent.getState();
    const delta: Delta = { from: revision, to: revision + 1, inbounds: null, upsert, remove };
    await rig.agent.applyDelta(delta);
  };

  test("at the second of expiry, live downloads included; a new date opens it again", async () => {
    const expiresAt = Date.now() + 2000;
    const carol = makeUser({ expiresAt });
    await change([carol]);
    const client = await rig.connect(rig.link(carol));
    const download = await client.download(rig.origin.port);
    await waitUntil(() => download.isEnded);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    expect(Date.now() - expiresAt).toBeLessThan(1000);
    expect(await client.fetch(rig.origin.tlsPort, { isTls: true })).toBe("");
    await change([{ ...carol, expiresAt: Date.now() + 60_000 }]);
    expect(await client.fetch(rig.origin.tlsPort, { isTls: true })).toBe("hello from the origin");
  });

  test("when the quota is used, also for the agent that comes after; a reset opens it again", async () => {
    const carol = makeUser({ limitBytes: 2_000_000, usedBytes: 500_000 });
    await change([carol]);
    const client = await rig.connect(rig.link(carol));
    const download = await client.download(rig.origin.port);
    await waitUntil(() => download.isEnded);
    // 16 KiB each 20 ms: one second of it is 0.8 MB.
    expect(download.bytes).toBeGreaterThan(1_400_000);
    expect(download.bytes).toBeLessThan(2_400_000);
    await rig.restartAgent();
    expect(await client.fetch(rig.origin.tlsPort, { isTls: true })).toBe("");
    const { journalId, batches } = rig.agent.listUsage(10);
    const seq = batches.at(-1)?.seq ?? 0;
    const totals = [{ userId: carol.id, usedBytes: 2_100_000 }];
    rig.agent.acknowledgeUsage({ journalId, seq, totals });
    expect(await client.fetch(rig.origin.tlsPort, { isTls: true })).toBe("");
    await change([{ ...carol, usedBytes: 0 }]);
    expect(await client.fetch(rig.origin.tlsPort, { isTls: true })).toBe("hello from the origin");
  });

  test.skipIf(traefik === null)("behind Traefik only the removed user's connection ends", async () => {
    const { edge: target, edgePublic: port } = rig.ports;
    const serverName = rig.inbounds[0]?.serverName ?? "";
    const front = await startTraefikFront({ binary: traefik ?? "", port, target, serverName });
    const carol = makeUser();
    await change([carol]);
    const doomed = await rig.connect(rig.link(carol, rig.ports.edgePublic));
    const other = await rig.connect(rig.link(bob, rig.ports.edgePublic));
    const [ending, going] = [await doomed.download(rig.origin.port), await other.download(rig.origin.port)];
    await waitUntil(() => ending.bytes > 50_000 && going.bytes > 50_000);
    await waitUntil(() => rig.agent.table.listOfUser(carol.id).length > 0);
    expect(rig.agent.table.listOfUser(carol.id)[0]).toMatchObject({ inboundTag: "edge", ip: "127.0.0.1" });
    await change([], [carol.id]);
    await waitUntil(() => ending.isEnded, 2000);
    const bytes = going.bytes;
    await waitUntil(() => going.bytes > bytes + 100_000);
    expect(going.isEnded).toBe(false);
    going.socket.destroy();
    await front.stop();
  });
});
