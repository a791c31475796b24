import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AgentUser } from "#lib/schemas/agent.ts";
import { findXray } from "./testing/find-binary.ts";
import { makeUser, usersById } from "./testing/make-user.ts";
import { createRig, type Rig } from "./testing/rig.ts";
import { waitUntil } from "./testing/vpn-client.ts";

const binary = findXray();
const many = (count: number) => Array.from({ length: count }, () => makeUser());

describe.skipIf(binary === null)("thousands of users at once", { timeout: 60_000 }, () => {
  let rig: Rig;
  const [alice, bob] = [makeUser(), makeUser()];
  const crowd = many(1_200);

  beforeAll(async () => {
    rig = await createRig(binary ?? "");
    await rig.agent.applySnapshot({ revision: 1, inbounds: rig.inbounds, users: usersById(alice, bob) });
  }, 30_000);
  afterAll(async () => {
    await rig?.close();
  }, 30_000);

  const snapshot = (revision: number, users: AgentUser[]) =>
    rig.agent.applySnapshot({ revision, inbounds: rig.inbounds, users: usersById(...users) });

  test("while somebody is connected, no tunnel ends, and a switch-off does not wait for the crowd", async () => {
    const { pid } = rig.agent.getState().xray;
    const [doomed, other] = [await rig.connect(rig.link(alice)), await rig.connect(rig.link(bob))];
    const [ending, going] = [await doomed.download(rig.origin.port), await other.download(rig.origin.port)];
    await waitUntil(() => ending.bytes > 50_000 && rig.agent.table.size >= 2);
    const users = [alice, bob, ...crowd];
    await snapshot(2, users);
    const last = crowd.at(-1) ?? alice;
    expect(rig.agent.core.findMisplaced([last.id])).toEqual([last.id]);
    await rig.agent.applyDelta({ from: 2, to: 3, inbounds: null, upsert: [], remove: [alice.id] });
    await waitUntil(() => ending.isEnded, 10_000);
    expect(rig.agent.core.findMisplaced([last.id])).toEqual([last.id]);
    await waitUntil(() => rig.agent.core.findMisplaced([last.id]).length === 0, 40_000);
    const client = await rig.connect(rig.link(last));
    expect(await client.fetch(rig.origin.port)).toBe("hello from the origin");
    expect(going.isEnded).toBe(false);
    expect(rig.agent.getState().xray.pid).toBe(pid);
    going.socket.destroy();
  });

  test("while nobody is connected, a new Xray takes them all at once", async () => {
    rig.agent.table.clear();
    const { pid } = rig.agent.getState().xray;
    const next = many(1_200);
    await snapshot(4, [bob, ...next]);
    expect(rig.agent.getState().xray.pid).not.toBe(pid);
    expect(rig.agent.core.findMisplaced([...next, ...crowd].map(({ id }) => id))).toEqual([]);
    const client = await rig.connect(rig.link(next.at(-1) ?? bob));
    expect(await client.fetch(rig.origin.port)).toBe("hello from the origin");
  });
});
