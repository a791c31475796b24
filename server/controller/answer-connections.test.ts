import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AgentConnections } from "#lib/schemas/agent.ts";
import { NODES_CHANNEL } from "#lib/schemas/connection.ts";
import { askDoors } from "#server/connections/ask-doors.ts";
import { createLogger } from "#server/logger.ts";
import { createRedisSubscriber } from "#server/redis.ts";
import { preparePlatform } from "#test/database.ts";
import { answerConnections } from "./answer-connections.ts";

const platform = preparePlatform();
const user = randomUUID();
let subscribers: Redis[] = [];
let isOsloUp = true;

const item = (id: string, since: number): AgentConnections["items"][number] => ({
  id,
  userId: user,
  inbound: "direct",
  ip: "192.0.2.1",
  port: 40_000,
  since,
});
/** A node agent's two answers (the agent's own side: e2e/30-switch-off.e2e.ts). */
const node = (name: string, items: AgentConnections["items"], isUp = () => true) => ({
  name,
  client: {
    async listConnections({ limit }: { limit: number }) {
      if (!isUp()) throw new Error("away");
      return { open: items.length, items: items.slice(0, limit) };
    },
    endConnection: async (id: string) => ({
      ended: name === "bergen" && items.some((one) => one.id === id) ? 1 : 0,
      whyNot: name === "oslo" && items.some((one) => one.id === id) ? "It may not." : null,
    }),
  },
});

beforeAll(async () => {
  const led = [
    [node("bergen", [item("vpn-2", 2), item("vpn-1", 1)])],
    [node("oslo", [item("vpn-3", 3)], () => isOsloUp)],
    [],
  ];
  const log = createLogger("controller", { LOG_LEVEL: "fatal" });
  subscribers = led.map((nodes, index) => {
    const subscriber = createRedisSubscriber(platform.redisUrl);
    const listNodes = async () => nodes;
    answerConnections({ redis: platform.redis, subscriber, holder: `c${index}`, listNodes, log });
    return subscriber;
  });
  const heard = async () => Number((await platform.redis.pubsub("NUMSUB", NODES_CHANNEL))[1]);
  while ((await heard()) < led.length) await new Promise((resolve) => setTimeout(resolve, 10));
});
afterAll(() => {
  for (const subscriber of subscribers) subscriber.disconnect();
});

const ask = (rest: { kind: "list"; limit: number } | { kind: "end"; connectionId: string }) =>
  askDoors(
    platform.redis,
    rest.kind === "list" ? { ...rest, id: randomUUID(), userId: null } : { ...rest, id: randomUUID() },
    NODES_CHANNEL,
  );

it("answers for the nodes that each controller follows, and says when one is silent", async () => {
  isOsloUp = true;
  const all = await ask({ kind: "list", limit: 1 });
  expect(all.isComplete).toBe(true);
  expect(all.answers.reduce((sum, { open }) => sum + open, 0)).toBe(3);
  const found = all.answers.flatMap(({ connections }) => connections);
  expect(found.map(({ id }) => id).sort()).toEqual(["vpn-2", "vpn-3"]);
  expect(found[0]).toMatchObject({ userId: user, door: "vpn", target: null, upBytes: null, downBytes: null });
  isOsloUp = false;
  expect((await ask({ kind: "list", limit: 1 })).isComplete).toBe(false);
});

it("ends the one that is named, on whichever node it is, or says why not", async () => {
  const { answers } = await ask({ kind: "end", connectionId: "vpn-1" });
  expect(answers.map(({ ended }) => ended).sort()).toEqual([0, 0, 1]);
  const refused = await ask({ kind: "end", connectionId: "vpn-3" });
  expect(refused.answers.map(({ whyNot }) => whyNot).filter(Boolean)).toEqual(["It may not."]);
});
