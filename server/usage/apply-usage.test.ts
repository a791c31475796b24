import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { UsageBatch } from "#lib/schemas/internal.ts";
import { applyUsage } from "#server/usage/apply-usage.ts";
import { getUsage } from "#server/usage/get-usage.ts";
import { getUsageSeries } from "#server/usage/get-usage-series.ts";
import { getUsageToday } from "#server/usage/get-usage-today.ts";
import { getUser } from "#server/users/get-user.ts";
import { cliContext, preparePlatform, userContext } from "#test/database.ts";
import { makeNode, makeUser, trailOf } from "#test/made.ts";

const platform = preparePlatform();
type Entry = UsageBatch["entries"][number];

const entry = (userId: string, rest: Partial<Entry> = {}): Entry => ({
  userId,
  door: "http",
  upBytes: 10,
  downBytes: 100,
  at: Date.now(),
  ...rest,
});

function journal() {
  const boot = randomUUID();
  let seq = 0;
  return (...entries: Entry[]): UsageBatch => ({ source: "proxy-auth", boot, seq: ++seq, entries });
}

describe("applyUsage", () => {
  it("applies a batch once, and answers a repeat the same way", async () => {
    const { id } = await makeUser();
    const batch = journal()(entry(id), entry(id, { door: "socks", upBytes: 1, downBytes: 2 }), entry(id));
    const answers = [await applyUsage({ batch }), await applyUsage({ batch }), await applyUsage({ batch })];
    for (const answer of answers)
      expect(answer).toEqual({ lastSeq: 1, totals: [{ userId: id, usedBytes: 223 }] });
    const usage = await getUsage({ ctx: cliContext(), ref: id });
    expect(usage).toMatchObject({
      totalBytes: 223,
      doors: {
        vpn: { upBytes: 0, downBytes: 0 },
        http: { upBytes: 20, downBytes: 200 },
        socks: { upBytes: 1, downBytes: 2 },
      },
    });
  });

  it("applies a batch once when it arrives twice at the same time", async () => {
    const { id } = await makeUser();
    const batch = journal()(entry(id));
    await Promise.all(Array.from({ length: 6 }, () => applyUsage({ batch })));
    expect((await getUser({ ctx: cliContext(), ref: id })).usedBytes).toBe(110);
  });

  it("counts every batch of doors that report the same users at once", async () => {
    const users = await Promise.all(Array.from({ length: 12 }, () => makeUser()));
    const doors = Array.from({ length: 4 }, journal);
    await Promise.all(
      doors.map(async (next) => {
        for (let round = 0; round < 5; round++) {
          const shuffled = [...users].sort(() => Math.random() - 0.5);
          await applyUsage({ batch: next(...shuffled.map((user) => entry(user.id))) });
        }
      }),
    );
    for (const user of users) {
      const usage = await getUsage({ ctx: cliContext(), ref: user.id });
      expect(usage.totalBytes).toBe(4 * 5 * 110);
    }
  });

  it("fills buckets of every width by node and door, whose sum is the running total", async () => {
    const user = await makeUser();
    const node = await makeNode();
    const next = journal();
    await applyUsage({ batch: next(entry(user.id)) });
    await applyUsage({
      batch: { ...next(entry(user.id, { door: "vpn" })), source: "node" },
      nodeId: node.id,
    });
    for (const table of ["usage_5m", "usage_1h", "usage_1d"]) {
      const rows = await platform.db.$queryRawUnsafe<{ up: bigint; down: bigint; node_id: string }[]>(
        `SELECT sum(up_bytes)::bigint AS up, sum(down_bytes)::bigint AS down, node_id FROM ${table}
         WHERE user_id = '${user.id}' GROUP BY node_id ORDER BY node_id`,
      );
      expect(rows).toHaveLength(2);
      expect(rows).toEqual(expect.arrayContaining([{ up: 10n, down: 100n, node_id: node.id }]));
    }
  });

  it("marks who has reached the limit in the same transaction, with one change row", async () => {
    const limited = await Promise.all([makeUser({ limitBytes: 110 }), makeUser({ limitBytes: 100 })]);
    const others = [await makeUser({ limitBytes: 111 }), await makeUser()];
    const batch = journal()(...[...limited, ...others].map((user) => entry(user.id)));
    const trail = await trailOf(platform.db, () => applyUsage({ batch }));
    expect(trail.changes).toEqual([
      { kind: "user", ids: expect.arrayContaining(limited.map((user) => user.id)) },
    ]);
    expect(trail.changes[0]?.ids).toHaveLength(2);
    for (const user of limited)
      expect((await getUser({ ctx: cliContext(), ref: user.id })).status).toBe("limited");
    for (const user of others)
      expect((await getUser({ ctx: cliContext(), ref: user.id })).status).toBe("active");
  });

  it("makes people online, and drops entries of users that are gone", async () => {
    const user = await makeUser();
    const answer = await applyUsage({ batch: journal()(entry(randomUUID()), entry(user.id)) });
    expect(answer.totals).toEqual([{ userId: user.id, usedBytes: 110 }]);
    expect(await getUser({ ctx: cliContext(), ref: user.id })).toMatchObject({ isOnline: true });
  });

  it("takes an empty batch and a batch of 50 000 entries", async () => {
    const users = await Promise.all(Array.from({ length: 10 }, () => makeUser()));
    const next = journal();
    expect(await applyUsage({ batch: next() })).toEqual({ lastSeq: 1, totals: [] });
    const entries = Array.from({ length: 50_000 }, (_, index) => entry(users[index % 10]?.id ?? ""));
    const answer = await applyUsage({ batch: next(...entries) });
    expect(answer.totals.map((total) => total.usedBytes)).toEqual(Array(10).fill(5_000 * 110));
  });
});

describe("reading usage", () => {
  it("answers a range in whole buckets, and a series without gaps", async () => {
    const user = await makeUser();
    const now = Date.UTC(2026, 5, 15, 12, 34, 56);
    const hourAgo = now - 3_600_000;
    await applyUsage({
      batch: journal()(entry(user.id, { at: now }), entry(user.id, { at: hourAgo, door: "vpn" })),
    });
    const range = (from: number, to?: number) =>
      getUsage({
        ctx: cliContext(),
        ref: user.id,
        query: { from: new Date(from).toISOString(), ...(to ? { to: new Date(to).toISOString() } : {}) },
        now,
      });
    expect(await range(now - 60_000)).toMatchObject({ totalBytes: 110, from: "2026-06-15T12:30:00.000Z" });
    expect(await range(hourAgo)).toMatchObject({ totalBytes: 220 });
    expect(await range(hourAgo, now - 1_800_000)).toMatchObject({
      doors: { vpn: { upBytes: 10, downBytes: 100 } },
      totalBytes: 110,
    });
    expect(await range(now - 80 * 86_400_000)).toMatchObject({
      totalBytes: 220,
      from: "2026-03-27T12:00:00.000Z",
    });
    expect(await range(now - 400 * 86_400_000)).toMatchObject({ totalBytes: 220 });
    await expect(range(now + 1)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    for (const [range, points] of [
      ["1h", 12],
      ["6h", 72],
      ["24h", 48],
      ["7d", 56],
      ["30d", 30],
      ["90d", 90],
    ] as const) {
      const series = await getUsageSeries({ ctx: cliContext(), ref: user.id, query: { range }, now });
      expect(series.points).toBe(points);
      const all = series.lines.flatMap((line) => line.values.map((value) => value ?? 0));
      // An hour ago is the bucket before the twelve of the last hour.
      expect(all.reduce((sum, value) => sum + value, 0)).toBe(range === "1h" ? 110 : 220);
      expect(series.lines.find(({ key }) => key === "http")?.values.at(-1)).toBe(110);
    }
  });

  it("is refused to strangers", async () => {
    const user = await makeUser();
    const ctx = userContext({ role: "user" });
    await expect(getUsage({ ctx, ref: user.id })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(getUsageSeries({ ctx, ref: user.id })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });

  it("sums today over everybody", async () => {
    const before = await getUsageToday();
    await applyUsage({ batch: journal()(entry((await makeUser()).id, { door: "vpn" })) });
    const after = await getUsageToday();
    expect(after.vpn.downBytes - before.vpn.downBytes).toBe(100);
  });
});
