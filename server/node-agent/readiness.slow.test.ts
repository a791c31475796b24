import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addAgentMetrics, createAgentMetrics } from "./agent-metrics.ts";
import { findXray } from "./testing/find-binary.ts";
import { makeUser, usersById } from "./testing/make-user.ts";
import { createRig, type Rig } from "./testing/rig.ts";
import { waitUntil } from "./testing/vpn-client.ts";

const binary = findXray();

describe.skipIf(binary === null)("what the agent says of itself", { timeout: 30_000 }, () => {
  let rig: Rig;
  const alice = makeUser();
  const metrics = createAgentMetrics();
  const read = () => metrics.registry.metrics();
  const value = async (name: string) => {
    const line = (await read()).split("\n").find((text) => text.startsWith(`${name} `));
    return line === undefined ? null : Number(line.split(" ")[1]);
  };

  beforeAll(async () => {
    rig = await createRig(binary ?? "");
    const places = { data: rig.options.stateDir, logs: rig.options.logDir };
    addAgentMetrics(metrics, rig.agent, { places, certificates: { none: "/nowhere.crt" } });
  }, 30_000);
  afterAll(async () => {
    await rig?.close();
  }, 30_000);

  test("before the controller's first word it lacks its users and Xray, and has numbers all the same", async () => {
    expect(rig.agent.findMissing()).toEqual(["snapshot", "xray"]);
    expect(await value('causeway_missing{what="snapshot"}')).toBe(1);
    expect(await value("causeway_ready")).toBe(0);
    expect(await value("causeway_xray_uptime_seconds")).toBeNull();
    expect(await value('causeway_disk_free_bytes{path="data"}')).toBeGreaterThan(0);
    await rig.agent.applySnapshot({ revision: 5, inbounds: rig.inbounds, users: usersById(alice) });
    expect(rig.agent.findMissing()).toEqual([]);
    expect(await value("causeway_ready")).toBe(1);
    expect(await value("causeway_node_users")).toBe(1);
  });

  test("Xray's own counters come by inbound, and users' bytes by door", async () => {
    const client = await rig.connect(rig.link(alice));
    await client.fetch(rig.origin.port);
    await waitUntil(
      async () => ((await value('causeway_door_bytes_total{door="vpn",direction="down"}')) ?? 0) > 0,
    );
    expect(
      await value('causeway_xray_traffic_bytes_total{inbound="direct",direction="down"}'),
    ).toBeGreaterThan(100);
    expect(await value("causeway_xray_memory_bytes")).toBeGreaterThan(1_000_000);
    expect(await value("causeway_journal_entries")).toBe(1);
    await waitUntil(async () => ((await value("causeway_journal_oldest_seconds")) ?? 0) > 0.5);
    const { batches } = rig.agent.listUsage(10);
    rig.agent.acknowledgeUsage({
      journalId: rig.agent.listUsage(1).journalId,
      seq: batches.at(-1)?.seq ?? 0,
      totals: [],
    });
    await waitUntil(async () => (await value("causeway_journal_oldest_seconds")) === 0);
    expect(await read()).not.toContain(alice.id);
  });

  test("an Xray that hangs is missing within seconds, and back when it answers", async () => {
    const { pid } = rig.agent.getState().xray;
    if (pid === null) throw new Error("no pid");
    process.kill(pid, "SIGSTOP");
    try {
      await waitUntil(() => rig.agent.findMissing().includes("xray"));
      expect(rig.agent.getState().xray.isUp).toBe(false);
      const startedAt = performance.now();
      expect(await value("causeway_node_xray_up")).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await waitUntil(() => rig.agent.findMissing().length === 0);
    expect(await value("causeway_node_xray_up")).toBe(1);
  });

  test("drift is counted when it is found and when it is put right", async () => {
    const { client } = rig.agent;
    const [tag = ""] = rig.inbounds.map((inbound) => inbound.tag);
    await client.removeUser(tag, `${alice.id}.${tag}`);
    await rig.agent.core.reconcile();
    expect(await value("causeway_node_drift_found_total")).toBe(1);
    expect(await value("causeway_node_drift_healed_total")).toBe(1);
  });
});
