import { describe, expect, it } from "vitest";
import { agentInboundSchema, agentUserSchema, deltaSchema } from "#lib/schemas/agent.ts";
import { nodeSchema } from "#lib/schemas/status.ts";
import { createNode } from "#server/nodes/create-node.ts";
import { getNodeDelta, getNodeSnapshot } from "#server/nodes/get-node-feed.ts";
import { getNode, listNodes } from "#server/nodes/list-nodes.ts";
import { placeNode } from "#server/nodes/place-node.ts";
import { disableUser } from "#server/users/disable-user.ts";
import { getUserSecrets } from "#server/users/get-user-secrets.ts";
import { rotateUser } from "#server/users/rotate-user.ts";
import { publicKeyFromPrivate } from "#server/xray/keys.ts";
import { parseVlessLink } from "#server/xray/links.ts";
import { cliContext, preparePlatform, systemContext, userContext } from "#test/database.ts";
import { makeNode, makeUser, trailOf } from "#test/made.ts";

const platform = preparePlatform();
const input = {
  name: "placed",
  agentUrl: "https://127.0.0.1:9004",
  publicHost: "vpn.test",
  directPort: 8443,
  edgePublicPort: 443,
  edgeListenPort: 8445,
  serverName: "www.reality.test",
  realityTarget: "127.0.0.1:8444",
};

describe("createNode", () => {
  it("makes both inbounds on one key pair whose private half is sealed, with audit row and change row", async () => {
    let id = "";
    const trail = await trailOf(platform.db, async () => {
      ({ id } = await makeNode("oslo"));
    });
    expect(trail.audit).toEqual([{ action: "node.create", targetName: "oslo" }]);
    expect(trail.changes).toEqual([{ kind: "inbound", ids: [id] }]);
    const { inbounds } = await getNodeSnapshot({ nodeId: id });
    const [direct, edge] = agentInboundSchema.array().parse(inbounds);
    expect(direct).toMatchObject({
      tag: "direct",
      listen: "0.0.0.0",
      port: 8443,
      acceptProxyProtocol: false,
    });
    expect(edge).toMatchObject({ tag: "edge", listen: "127.0.0.1", port: 8445, acceptProxyProtocol: true });
    expect(edge?.realityPrivateKey).toBe(direct?.realityPrivateKey);
    const node = nodeSchema.parse(await getNode({ ctx: cliContext(), ref: "oslo" }));
    expect(node.inbounds[0]?.realityPublicKey).toBe(publicKeyFromPrivate(direct?.realityPrivateKey ?? ""));
    expect(JSON.stringify(node)).not.toContain(direct?.realityPrivateKey);
  });

  it("refuses users, and a taken name", async () => {
    const ctx = userContext({ role: "user" });
    await expect(createNode({ ctx, input: { ...input, name: "no" } })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await expect(listNodes({ ctx })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await makeNode("taken");
    await expect(makeNode("taken")).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

describe("placeNode", () => {
  it("moves ports and host, keeps the keys, and says nothing when nothing moved", async () => {
    const user = await makeUser();
    const { id } = await placeNode({ ctx: systemContext(), input });
    const before = await getNodeSnapshot({ nodeId: id });
    const still = await trailOf(platform.db, () => placeNode({ ctx: systemContext(), input }));
    expect(still).toMatchObject({ audit: [], changes: [] });
    const moved = await trailOf(platform.db, () =>
      placeNode({ ctx: systemContext(), input: { ...input, directPort: 9443, publicHost: "new.test" } }),
    );
    expect(moved.audit).toEqual([{ action: "node.move", targetName: "placed" }]);
    expect(moved.changes).toEqual([{ kind: "inbound", ids: [id] }]);
    const after = await getNodeSnapshot({ nodeId: id });
    expect(after.inbounds[0]).toEqual({ ...before.inbounds[0], port: 9443 });
    const links = (await getUserSecrets({ ctx: cliContext(), ref: user.id })).vlessLinks.map(parseVlessLink);
    expect(links).toContainEqual(expect.objectContaining({ host: "new.test", port: 9443 }));
    await expect(placeNode({ ctx: userContext({ role: "user" }), input })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });
});

describe("a node's feed", () => {
  it("snapshots the users whose VPN door is open, with the id that their link holds", async () => {
    const { id } = await makeNode();
    const [open, off] = [await makeUser({ limitBytes: 5_000 }), await makeUser()];
    await disableUser({ ctx: cliContext(), ref: off.id });
    const { users } = await getNodeSnapshot({ nodeId: id });
    agentUserSchema.array().parse(users);
    const link = parseVlessLink(
      (await getUserSecrets({ ctx: cliContext(), ref: open.id })).vlessLinks[0] ?? "",
    );
    expect(users).toContainEqual({
      id: open.id,
      vlessId: link.vlessId,
      expiresAt: null,
      limitBytes: 5_000,
      usedBytes: 0,
    });
    expect(users.some((user) => user.id === off.id)).toBe(false);
  });

  it("is the same snapshot whatever the size of its pages", async () => {
    const { id } = await makeNode();
    await Promise.all(Array.from({ length: 20 }, () => makeUser()));
    const whole = await getNodeSnapshot({ nodeId: id });
    expect(whole.users).toHaveLength(await platform.db.user.count({ where: { status: "active" } }));
    for (const pageSize of [1, 7]) expect(await getNodeSnapshot({ nodeId: id, pageSize })).toEqual(whole);
  });

  it("answers deltas from any revision that is still known", async () => {
    const { id } = await makeNode();
    const [rotated, off] = [await makeUser(), await makeUser()];
    const { revision, users } = await getNodeSnapshot({ nodeId: id });
    await rotateUser({ ctx: cliContext(), ref: rotated.id, only: "vless" });
    await disableUser({ ctx: cliContext(), ref: off.id });
    const found = await getNodeDelta({ nodeId: id, after: revision });
    if ("isPruned" in found) throw new Error("pruned");
    const { changedAt, traceContexts, ...sent } = found;
    const delta = deltaSchema.parse(sent);
    expect(traceContexts).toEqual([]);
    expect(changedAt.every((at) => Date.now() - at.getTime() < 60_000)).toBe(true);
    expect(delta).toMatchObject({ from: revision, to: revision + 2, inbounds: null, remove: [off.id] });
    expect(delta.upsert.map((user) => user.id)).toEqual([rotated.id]);
    expect(delta.upsert[0]?.vlessId).not.toBe(users.find((user) => user.id === rotated.id)?.vlessId);
    const other = await makeNode();
    expect(await getNodeDelta({ nodeId: id, after: delta.to })).toMatchObject({ inbounds: null, upsert: [] });
    expect(await getNodeDelta({ nodeId: other.id, after: delta.to })).toMatchObject({
      inbounds: [expect.objectContaining({ tag: "direct" }), expect.objectContaining({ tag: "edge" })],
    });
    expect(await getNodeDelta({ nodeId: id, after: delta.to + 99 })).toEqual({ isPruned: true });
    await platform.db.change.deleteMany({ where: { id: { lte: delta.to } } });
    expect(await getNodeDelta({ nodeId: id, after: revision })).toEqual({ isPruned: true });
  });
});
