import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Chart } from "#lib/schemas/chart.ts";
import { cliContext, preparePlatform, userContext } from "#test/database.ts";
import { makeNode, makeUser } from "#test/made.ts";
import { applyUsage } from "./apply-usage.ts";
import { getTotalUsageSeries } from "./get-total-usage-series.ts";
import { getUsageSeries } from "./get-usage-series.ts";
import { listUsersUsage } from "./list-users-usage.ts";
import { maintainPartitions } from "./maintain-partitions.ts";

const platform = preparePlatform();
const HOUR_MS = 3_600_000;
const now = Date.UTC(2026, 5, 15, 12, 34, 56);
const ctx = cliContext();

const spend = (userId: string, door: "vpn" | "http" | "socks", at: number, nodeId?: string) =>
  applyUsage({
    batch: {
      source: "test",
      boot: randomUUID(),
      seq: 1,
      entries: [{ userId, door, upBytes: 10, downBytes: 100, at }],
    },
    ...(nodeId === undefined ? {} : { nodeId }),
  });
const sums = ({ lines }: Chart) =>
  Object.fromEntries(
    lines.map(({ key, values }) => [key, values.reduce<number>((sum, value) => sum + (value ?? 0), 0)]),
  );

describe("everybody's usage over time", () => {
  it("adds up all users by door and by node, and of one node", async () => {
    const [ada, bob, node] = [await makeUser(), await makeUser(), await makeNode("n1")];
    await spend(ada.id, "vpn", now - 1_000, node.id);
    await spend(bob.id, "vpn", now - 2 * HOUR_MS, node.id);
    await spend(bob.id, "socks", now - 1_000);
    const total = (query: object) => getTotalUsageSeries({ ctx, query, now });
    for (const range of ["6h", "24h", "7d", "30d", "90d"])
      expect(sums(await total({ range })), range).toEqual({ vpn: 220, http: 0, socks: 110 });
    expect(sums(await total({ range: "1h" }))).toEqual({ vpn: 110, http: 0, socks: 110 });
    expect(sums(await total({ by: "node" }))).toEqual({ n1: 220, "~proxies": 110 });
    expect(sums(await total({ node: "n1" }))).toEqual({ vpn: 220 });
    await platform.db.node.delete({ where: { id: node.id } });
    expect(sums(await total({ by: "node" }))).toMatchObject({ "~removed": 220 });
  });

  it("is for operators only", async () => {
    await expect(getTotalUsageSeries({ ctx: userContext({ role: "user" }) })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });

  it("loses what is older than it promises, and not before", async () => {
    const user = await makeUser();
    await spend(user.id, "http", now);
    const count = async () =>
      Object.fromEntries(
        await Promise.all(
          ["5m", "1h", "1d"].map(async (width) => {
            const table = `usage_total_${width}`;
            const [row] = await platform.db.$queryRawUnsafe<{ count: bigint }[]>(
              `SELECT count(*) FROM ${table} WHERE door = 2`,
            );
            return [width, Number(row?.count)];
          }),
        ),
      );
    const days = (number: number) => new Date(now + number * 24 * HOUR_MS);
    await maintainPartitions({ now: days(1.9) });
    expect(await count()).toEqual({ "5m": 1, "1h": 1, "1d": 1 });
    await maintainPartitions({ now: days(3) });
    expect(await count()).toEqual({ "5m": 0, "1h": 1, "1d": 1 });
    await maintainPartitions({ now: days(91) });
    expect(await count()).toEqual({ "5m": 0, "1h": 0, "1d": 1 });
  });
});

describe("a user's usage over time", () => {
  it("puts the period before beside it", async () => {
    const user = await makeUser();
    await spend(user.id, "http", now - 1_000);
    await spend(user.id, "http", now - 25 * HOUR_MS);
    const chart = await getUsageSeries({ ctx, ref: user.id, query: { compare: "true" }, now });
    const http = chart.lines.find(({ key }) => key === "http");
    expect(http?.values.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(110);
    expect(http?.before?.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(110);
    expect(http?.before).toHaveLength(chart.points);
  });

  it("shows a zoomed time in finer buckets, down to five minutes while they are kept", async () => {
    const user = await makeUser();
    const at = (ms: number) => new Date(ms).toISOString();
    const zoom = (from: number, to: number) =>
      getUsageSeries({ ctx, ref: user.id, query: { from: at(from), to: at(to) }, now });
    expect(await zoom(now - 3 * HOUR_MS, now - 2 * HOUR_MS)).toMatchObject({ stepSeconds: 300, points: 13 });
    const lastWeek = await zoom(now - 170 * HOUR_MS, now - 160 * HOUR_MS);
    expect(lastWeek).toMatchObject({ stepSeconds: 3_600, points: 11 });
    expect(Date.parse(lastWeek.from) % HOUR_MS).toBe(0);
    expect(await zoom(now - 200 * 24 * HOUR_MS, now - 190 * 24 * HOUR_MS)).toMatchObject({
      stepSeconds: 86_400,
    });
    expect((await zoom(now - 730 * 24 * HOUR_MS, now)).points).toBeLessThan(300);
    await expect(zoom(now, now - 1)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(zoom(0, now)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("says null, not zero, for a time whose buckets are no longer kept", async () => {
    const user = await makeUser();
    const chart = await getUsageSeries({
      ctx,
      ref: user.id,
      query: {
        from: new Date(now - 47 * HOUR_MS).toISOString(),
        to: new Date(now - 44 * HOUR_MS).toISOString(),
        compare: "true",
      },
      now,
    });
    expect(chart.lines[0]?.values.every((value) => value === 0)).toBe(true);
    expect(chart.lines[0]?.before?.[0]).toBeNull();
  });
});

describe("some users' usage by day", () => {
  it("has a line for each id asked for, and for nobody else", async () => {
    const [ada, bob] = [await makeUser(), await makeUser()];
    await spend(ada.id, "vpn", now);
    await spend(ada.id, "http", now - 24 * HOUR_MS);
    await spend(bob.id, "http", now);
    const chart = await listUsersUsage({ ctx, ids: [ada.id], now });
    expect(chart).toMatchObject({ points: 14, stepSeconds: 86_400 });
    expect(chart.lines.map(({ key, values }) => [key, values.slice(-2)])).toEqual([[ada.id, [110, 110]]]);
    await expect(listUsersUsage({ ctx: userContext({ role: "user" }), ids: [ada.id] })).rejects.toMatchObject(
      {
        code: "FORBIDDEN",
      },
    );
  });
});
