import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AgentState, UsageJournal } from "#lib/schemas/agent.ts";
import { createXrayClient } from "#server/xray/client.ts";
import { readStartTime } from "./proc.ts";
import { createAgentProgram } from "./testing/agent-program.ts";
import { findXray } from "./testing/find-binary.ts";
import { makeUser } from "./testing/make-user.ts";
import { createRig, type Rig } from "./testing/rig.ts";
import { waitUntil } from "./testing/vpn-client.ts";

const binary = findXray();

describe.skipIf(binary === null)("the agent as a program", { timeout: 40_000 }, () => {
  let rig: Rig;
  let program: Awaited<ReturnType<typeof createAgentProgram>>;
  let directory: string;
  const [alice, bob] = [makeUser(), makeUser()];
  let received = { up: 0, down: 0 };

  /** What the controller does: fetch, count, acknowledge. */
  const collect = async (): Promise<void> => {
    const journal = (await program.call("GET", "/v1/usage?limit=10")).body as UsageJournal;
    for (const entry of journal.batches.flatMap(({ entries }) => entries)) {
      received = { up: received.up + entry.upBytes, down: received.down + entry.downBytes };
    }
    const seq = journal.batches.at(-1)?.seq;
    if (seq === undefined) return;
    const ack = JSON.stringify({ journalId: journal.journalId, seq, totals: [] });
    expect((await program.call("POST", "/v1/usage/ack", ack)).status).toBe(204);
  };
  const state = async () => (await program.call("GET", "/v1/state")).body as AgentState;

  beforeAll(async () => {
    // The rig gives origin, links and clients; its own agent stays without inbounds.
    rig = await createRig(binary ?? "");
    directory = mkdtempSync(join(tmpdir(), "agent-"));
    program = await createAgentProgram({
      binary: binary ?? "",
      directory,
      authority: rig.authority,
      allowedPrivateTargets: rig.options.allowedPrivateTargets,
      edgePublicPort: rig.ports.edgePublic,
    });
    await program.start();
    const lines = [{ revision: 7, inbounds: rig.inbounds, users: 2 }, alice, bob];
    const body = lines.map((line) => JSON.stringify(line)).join("\n");
    expect((await program.call("PUT", "/v1/snapshot", body)).body).toMatchObject({ revision: 7, users: 2 });
  }, 40_000);
  afterAll(async () => {
    await program?.kill("SIGTERM");
    const pid = program?.readXrayPid();
    if (pid && readStartTime(pid) !== null) process.kill(pid, "SIGKILL");
    await rig?.close();
    rmSync(directory, { recursive: true, force: true });
  }, 40_000);

  test("only the controller's certificate opens the API", async () => {
    await expect(program.call("GET", "/v1/state", undefined, null)).rejects.toThrow();
    const other = await rig.authority.issue("web");
    expect((await program.call("GET", "/v1/state", undefined, other)).status).toBe(403);
    expect((await program.call("GET", "/v1/state")).status).toBe(200);
  });

  test("bad bodies are refused with a reason", async () => {
    expect((await program.call("POST", "/v1/delta", "{")).status).toBe(422);
    expect((await program.call("POST", "/v1/delta", "{}")).status).toBe(422);
    expect((await program.call("PUT", "/v1/snapshot", "")).status).toBe(422);
    const stale = { from: 1, to: 9, inbounds: null, upsert: [], remove: [] };
    expect((await program.call("POST", "/v1/delta", JSON.stringify(stale))).status).toBe(409);
    expect((await program.call("GET", "/nothing")).status).toBe(404);
  });

  test("ready, and its metrics tell so", async () => {
    const health = `http://127.0.0.1:${program.healthPort}`;
    expect(await (await fetch(`${health}/readyz`)).json()).toEqual({ isReady: true });
    expect(await (await fetch(`${health}/metrics`)).text()).toMatch(/^causeway_node_xray_up(\{.*\})? 1$/m);
  });

  test("killing the agent ends no tunnel; its successor adopts Xray and can still cut", async () => {
    const client = await rig.connect(rig.link(alice));
    const other = await rig.connect(rig.link(bob));
    const [ending, going] = [await client.download(rig.origin.port), await other.download(rig.origin.port)];
    await waitUntil(() => ending.bytes > 50_000 && going.bytes > 50_000);
    const xrayPid = program.readXrayPid();
    await program.kill("SIGKILL");
    // Opened while nobody listens: known to the successor from the access pipe.
    const late = await client.download(rig.origin.port);
    await waitUntil(() => late.bytes > 50_000);
    await program.start();
    expect((await state()).xray.pid).toBe(xrayPid);
    expect(ending.isEnded || going.isEnded || late.isEnded).toBe(false);
    const delta = { from: 7, to: 8, inbounds: null, upsert: [], remove: [alice.id] };
    expect((await program.call("POST", "/v1/delta", JSON.stringify(delta))).status).toBe(200);
    await waitUntil(() => ending.isEnded && late.isEnded, 2000);
    const bytes = going.bytes;
    await waitUntil(() => going.bytes > bytes + 100_000);
    expect(going.isEnded).toBe(false);
    going.socket.destroy();
  });

  test("Xray killed: back within 2 s, with its users", async () => {
    const before = program.readXrayPid();
    process.kill(before, "SIGKILL");
    const killedAt = Date.now();
    await waitUntil(async () => {
      const { xray } = await state();
      return xray.isUp && xray.pid !== before;
    });
    expect(Date.now() - killedAt).toBeLessThan(2000);
    const client = await rig.connect(rig.link(bob));
    expect(await client.fetch(rig.origin.tlsPort, { isTls: true })).toBe("hello from the origin");
  });

  test("the sum of batches equals what Xray counted, over kills of the agent", async () => {
    const pid = program.readXrayPid();
    process.kill(pid, "SIGKILL");
    await waitUntil(async () => {
      const { xray } = await state();
      return xray.isUp && xray.pid !== pid;
    });
    // What the dead core counted is journaled or lost by now; the new one has counted nothing.
    await collect();
    received = { up: 0, down: 0 };
    const client = await rig.connect(rig.link(bob));
    for (const signal of ["SIGKILL", "SIGTERM", "SIGKILL"] as const) {
      await client.fetch(rig.origin.tlsPort, { isTls: true, path: "/bytes/300000" });
      await program.kill(signal);
      await client.fetch(rig.origin.tlsPort, { isTls: true, path: "/bytes/300000" });
      await program.start();
      await collect();
    }
    const api = createXrayClient({ socketPath: join(program.stateDir, "api.sock") });
    const isSettled = async () => {
      await collect();
      const traffic = [...(await api.queryTraffic()).values()];
      const up = traffic.reduce((sum, { upBytes }) => sum + upBytes, 0);
      const down = traffic.reduce((sum, { downBytes }) => sum + downBytes, 0);
      return up === received.up && down === received.down;
    };
    await waitUntil(isSettled);
    expect(received.down).toBeGreaterThan(6 * 300_000);
    // Closing connections send a last few bytes some seconds later; what was counted twice would stay so.
    await sleep(2500);
    await waitUntil(isSettled, 2000);
  });
});
