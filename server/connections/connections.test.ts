import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  answerKey,
  DOORS_CHANNEL,
  type DoorsAnswer,
  doorsQuestionSchema,
  NODES_CHANNEL,
} from "#lib/schemas/connection.ts";
import { createRedisSubscriber } from "#server/redis.ts";
import { cliContext, preparePlatform, userContext } from "#test/database.ts";
import { makeUser } from "#test/made.ts";
import { countOpen } from "./count-open.ts";
import { endConnection } from "./end-connection.ts";
import { listConnections } from "./list-connections.ts";

const platform = preparePlatform();
let door: Redis;
let connections: DoorsAnswer["connections"] = [];
let canEnd = true;

/** A proxy-auth process and a controller, as far as this goes (their own sides: `answer-…` in their rooms). */
beforeAll(async () => {
  door = createRedisSubscriber(platform.redisUrl);
  await door.subscribe(DOORS_CHANNEL, NODES_CHANNEL);
  door.on("message", (channel, text) => {
    const question = doorsQuestionSchema.parse(JSON.parse(text));
    const here = connections.filter((one) => (one.door === "vpn") === (channel === NODES_CHANNEL));
    const mine = here.filter(
      (one) => question.kind === "end" || question.userId === null || question.userId === one.userId,
    );
    const answer: DoorsAnswer =
      question.kind === "list"
        ? { open: mine.length, ended: 0, connections: mine.slice(0, question.limit) }
        : { open: 0, ended: mine.filter(({ id }) => id === question.connectionId).length, connections: [] };
    if (!canEnd && answer.ended > 0) Object.assign(answer, { ended: 0, whyNot: "No right to." });
    void platform.redis.hset(answerKey(question.id), "one", JSON.stringify(answer));
  });
});
afterAll(() => door.disconnect());

const open = (userId: string, id: string, since: number) => ({
  id,
  userId,
  door: "http" as const,
  ip: "192.0.2.1",
  target: null,
  upBytes: 1,
  downBytes: 2,
  since,
});

it("shows operators everything and users their own, with names, the youngest first", async () => {
  const [ada, eve] = [await makeUser(), await makeUser()];
  connections = [open(ada.id, "a-1", 1_000), open(eve.id, "a-2", 2_000)];
  const { redis } = platform;
  const all = await listConnections({ ctx: cliContext(), redis, limit: 10 });
  expect(all).toMatchObject({ open: 2, isComplete: true });
  expect(all.items.map(({ id, userName }) => [id, userName])).toEqual([
    ["a-2", eve.name],
    ["a-1", ada.name],
  ]);
  const own = userContext({ role: "user", id: ada.id, name: ada.name });
  const mine = await listConnections({ ctx: own, redis, limit: 10, ref: "me" });
  expect(mine.items.map(({ id }) => id)).toEqual(["a-1"]);
  await expect(listConnections({ ctx: own, redis, limit: 10 })).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(listConnections({ ctx: own, redis, limit: 10, ref: eve.name })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  expect(await countOpen(redis, eve.id)).toBe(1);
});

it("lists VPN clients with the others, ends them through the controller, and says where it cannot", async () => {
  const user = await makeUser();
  const vpn = { ...open(user.id, "vpn-1", 3_000), door: "vpn" as const, upBytes: null, downBytes: null };
  connections = [open(user.id, "a-1", 1_000), vpn];
  const { redis } = platform;
  const all = await listConnections({ ctx: cliContext(), redis, limit: 10 });
  expect(all).toMatchObject({ open: 2, isComplete: true });
  expect(all.items[0]).toMatchObject({ id: "vpn-1", door: "vpn", upBytes: null, target: null });
  // The limit on tunnels is the proxies'.
  expect(await countOpen(redis, user.id)).toBe(1);
  await endConnection({ ctx: cliContext(), redis, id: "vpn-1" });
  canEnd = false;
  await expect(endConnection({ ctx: cliContext(), redis, id: "vpn-1" })).rejects.toMatchObject({
    code: "CONFLICT",
    message: "No right to.",
  });
  canEnd = true;
});

it("ends one, leaves an audit row, and says when there is none", async () => {
  const user = await makeUser();
  connections = [open(user.id, "b-1", 1)];
  const { redis } = platform;
  await endConnection({ ctx: cliContext(), redis, id: "b-1" });
  await expect(endConnection({ ctx: cliContext(), redis, id: "b-2" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await expect(endConnection({ ctx: userContext({ role: "user" }), redis, id: "b-1" })).rejects.toMatchObject(
    { code: "FORBIDDEN" },
  );
});
