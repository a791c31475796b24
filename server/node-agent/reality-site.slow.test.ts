import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AGENT_SITE } from "#lib/schemas/node.ts";
import { findSingBox, findXray } from "./testing/find-binary.ts";
import { makeUser, usersById } from "./testing/make-user.ts";
import { createRig, type Rig } from "./testing/rig.ts";

const binary = findXray();
const singBox = findSingBox();

describe.skipIf(binary === null)("a node without a Traefik beside it", { timeout: 30_000 }, () => {
  let rig: Rig;
  const alice = makeUser();
  const inbounds = () =>
    rig.inbounds
      .filter(({ tag }) => tag === "direct")
      .map((inbound) => ({ ...inbound, realityTarget: AGENT_SITE }));

  beforeAll(async () => {
    rig = await createRig(binary ?? "");
    await rig.agent.applySnapshot({ revision: 5, inbounds: inbounds(), users: usersById(alice) });
  }, 30_000);
  afterAll(async () => {
    await rig?.close();
  }, 30_000);

  test("borrows Reality's handshake from the agent's own site, for Xray's client and for sing-box", async () => {
    const client = await rig.connect(rig.link(alice));
    expect(await client.fetch(rig.origin.port)).toBe("hello from the origin");
    if (singBox === null) return;
    const other = await rig.connect(rig.link(alice), { singBox });
    expect(await other.fetch(rig.origin.port)).toBe("hello from the origin");
  });

  test("goes on with it when the agent is started anew", async () => {
    await rig.restartAgent();
    const client = await rig.connect(rig.link(alice));
    expect(await client.fetch(rig.origin.port)).toBe("hello from the origin");
  });

  test("stops Xray when it is taken out, and stays stopped", async () => {
    await rig.agent.applySnapshot({ revision: 1, inbounds: [], users: new Map() });
    expect(rig.agent.getState()).toMatchObject({ users: 0, xray: { isUp: false } });
    await rig.restartAgent();
    expect(rig.agent.getState().xray.isUp).toBe(false);
    await rig.agent.applySnapshot({ revision: 9, inbounds: inbounds(), users: usersById(alice) });
    expect(rig.agent.getState().xray.isUp).toBe(true);
  });
});
