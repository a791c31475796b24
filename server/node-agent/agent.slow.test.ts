import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AgentUser, Delta } from "#lib/schemas/agent.ts";
import { digestUsers } from "#lib/user-digest.ts";
import { findSingBox, findXray } from "./testing/find-binary.ts";
import { makeUser, usersById } from "./testing/make-user.ts";
import { createRig, type Rig } from "./testing/rig.ts";
import { type Download, waitUntil } from "./testing/vpn-client.ts";

const binary = findXray();
const singBox = findSingBox();

describe.skipIf(binary === null)("the agent with the real Xray", { timeout: 30_000 }, () => {
  let rig: Rig;
  const alice = makeUser();
  const bob = makeUser();

  beforeAll(async () => {
    rig = await createRig(binary ?? "");
    await rig.agent.applySnapshot({ revision: 5, inbounds: rig.inbounds, users: usersById(alice, bob) });
  }, 30_000);
  afterAll(async () => {
    await rig?.close();
  }, 30_000);

  const change = async (upsert: AgentUser[], remove: string[] = []): Promise<void> => {
    const { revision } = rig.agent.getState();
    const delta: Delta = { from: revision, to: revision + 1, inbounds: null, upsert, remove };
    await rig.agent.applyDelta(delta);
  };

  test("Xray starts with the snapshot's users, and a page comes through, plain and over TLS", async () => {
    expect(rig.agent.getState()).toMatchObject({
      revision: 5,
      users: 2,
      usersDigest: digestUsers([alice, bob]),
      xray: { isUp: true, version: "26.7.28" },
    });
    const client = await rig.connect(rig.link(alice));
    expect(await client.fetch(rig.origin.port)).toBe("hello from the origin");
    expect(await client.fetch(rig.origin.tlsPort, { isTls: true })).toBe("hello from the origin");
  });

  test("a user added by a delta gets in at once; a removed one does not", async () => {
    const carol = makeUser();
    await change([carol]);
    const client = await rig.connect(rig.link(carol));
    expect(await client.fetch(rig.origin.port)).toBe("hello from the origin");
    await change([], [carol.id]);
    expect(await client.fetch(rig.origin.port)).toBe("");
    await waitUntil(() => rig.agent.counters.clientsRejected > 0);
  });

  test("private targets and our own listeners are refused through the tunnel", async () => {
    const client = await rig.connect(rig.link(alice));
    expect(await client.fetch(rig.origin.targetPort)).toBe("");
    expect(await client.fetch(rig.ports.direct)).toBe("");
  });

  test("ends only the removed user's download, from the same address", async () => {
    const carol = makeUser();
    await change([carol]);
    const [doomed, other] = [await rig.connect(rig.link(carol)), await rig.connect(rig.link(bob))];
    const ending = await doomed.download(rig.origin.port);
    const going = await other.download(rig.origin.port);
    await waitUntil(() => ending.bytes > 50_000 && going.bytes > 50_000);
    const before = Date.now();
    await change([], [carol.id]);
    await waitUntil(() => ending.isEnded, 2000);
    expect(Date.now() - before).toBeLessThan(2000);
    const bytes = going.bytes;
    await waitUntil(() => going.bytes > bytes + 100_000);
    expect(going.isEnded).toBe(false);
    going.socket.destroy();
  });

  test("connections opened in the very moment of the removal end too", async () => {
    const carol = makeUser();
    await change([carol]);
    const client = await rig.connect(rig.link(carol));
    const downloads: Download[] = [];
    const opening = Array.from({ length: 40 }, async (_, index) => {
      await sleep(index * 10);
      await client.download(rig.origin.port).then(
        (download) => downloads.push(download),
        () => {},
      );
    });
    await sleep(200);
    await change([], [carol.id]);
    await Promise.all(opening);
    await sleep(2000);
    const before = downloads.map(({ bytes }) => bytes);
    expect(before.some((bytes) => bytes > 0)).toBe(true);
    await sleep(300);
    expect(downloads.map(({ bytes }) => bytes)).toEqual(before);
    for (const { socket } of downloads) socket.destroy();
  });

  test("a rotated user's old tunnel ends and the new link works", async () => {
    const carol = makeUser();
    await change([carol]);
    const old = await rig.connect(rig.link(carol));
    const ending = await old.download(rig.origin.port);
    await waitUntil(() => ending.bytes > 50_000);
    const rotated = { ...carol, vlessId: makeUser().vlessId };
    await change([rotated]);
    await waitUntil(() => ending.isEnded, 2000);
    expect(await old.fetch(rig.origin.port)).toBe("");
    const fresh = await rig.connect(rig.link(rotated));
    expect(await fresh.fetch(rig.origin.port)).toBe("hello from the origin");
    await change([], [carol.id]);
  });

  test("ends a connection whose report was lost, unless it could be a neighbour's", async () => {
    const [carol, dave] = [makeUser(), makeUser()];
    await change([carol, dave]);
    const connect = (user: AgentUser, localAddress: string) => rig.connect(rig.link(user), { localAddress });
    const [alone, together, neighbour] = [
      await connect(carol, "127.0.0.2"),
      await connect(dave, "127.0.0.3"),
      await connect(bob, "127.0.0.3"),
    ];
    const downloads: Download[] = [];
    for (const client of [alone, together, neighbour]) downloads.push(await client.download(rig.origin.port));
    await waitUntil(() => downloads.every(({ bytes }) => bytes > 50_000));
    rig.agent.table.clear();
    await change([], [carol.id, dave.id]);
    await waitUntil(() => downloads[0]?.isEnded === true, 2000);
    expect(downloads.map(({ isEnded }) => isEnded)).toEqual([true, false, false]);
    for (const { socket } of downloads) socket.destroy();
  });

  test.skipIf(singBox === null)("sing-box fetches a page with the same link", async () => {
    const client = await rig.connect(rig.link(bob), { singBox: singBox ?? "" });
    expect(await client.fetch(rig.origin.tlsPort, { isTls: true })).toBe("hello from the origin");
  });

  test("new inbounds restart Xray; those it would refuse change nothing", async () => {
    const { revision, xray } = rig.agent.getState();
    const delta = (inbounds: Delta["inbounds"]): Delta => ({
      from: revision,
      to: revision + 1,
      inbounds,
      upsert: [],
      remove: [],
    });
    const broken = rig.inbounds.map((inbound) => ({ ...inbound, shortIds: ["not hex"] }));
    await expect(rig.agent.applyDelta(delta(broken))).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(rig.agent.getState()).toMatchObject({ revision, xray });
    const changed = rig.inbounds.map((inbound) => ({ ...inbound, shortIds: [...inbound.shortIds, "ab"] }));
    await rig.agent.applyDelta(delta(changed));
    expect(rig.agent.getState().xray.pid).not.toBe(xray.pid);
    const client = await rig.connect(rig.link(alice));
    expect(await client.fetch(rig.origin.tlsPort, { isTls: true })).toBe("hello from the origin");
  });

  test("a delta that does not follow is refused and changes nothing", async () => {
    const { revision } = rig.agent.getState();
    const delta: Delta = {
      from: revision - 1,
      to: revision + 5,
      inbounds: null,
      upsert: [],
      remove: [bob.id],
    };
    await expect(rig.agent.applyDelta(delta)).rejects.toMatchObject({ code: "CONFLICT" });
    expect(rig.agent.getState().revision).toBe(revision);
  });
});
