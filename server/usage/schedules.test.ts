import { describe, expect, it } from "vitest";
import { applyUsage } from "#server/usage/apply-usage.ts";
import { maintainPartitions } from "#server/usage/maintain-partitions.ts";
import { resetDueUsers } from "#server/usage/reset-due-users.ts";
import { findNextExpiry, syncStatuses } from "#server/usage/sync-statuses.ts";
import { disableUser } from "#server/users/disable-user.ts";
import { getUser } from "#server/users/get-user.ts";
import { cliContext, preparePlatform } from "#test/database.ts";
import { makeUser, trailOf } from "#test/made.ts";

const platform = preparePlatform();
const get = (ref: string) => getUser({ ctx: cliContext(), ref });
const spend = (userId: string, at = Date.now()) =>
  applyUsage({
    batch: {
      source: "test",
      boot: crypto.randomUUID(),
      seq: 1,
      entries: [{ userId, door: "vpn", upBytes: 50, downBytes: 50, at }],
    },
  });

describe("resetDueUsers", () => {
  it("starts a new calendar period for whoever is due, and opens the doors again, with one change row", async () => {
    const [daily, monthly, never] = await Promise.all([
      makeUser({ resetPeriod: "day", limitBytes: 100 }),
      makeUser({ resetPeriod: "month", limitBytes: 100 }),
      makeUser({ limitBytes: 100 }),
    ]);
    for (const user of [daily, monthly, never]) await spend(user.id);
    const due = new Date(Date.parse((await get(monthly.id)).nextResetAt ?? "") + 3_600_000);
    const trail = await trailOf(platform.db, () => resetDueUsers({ now: due }));
    expect(trail.changes).toEqual([{ kind: "user", ids: expect.arrayContaining([daily.id, monthly.id]) }]);
    expect(await get(never.id)).toMatchObject({ status: "limited", usedBytes: 100 });
    for (const user of [daily, monthly])
      expect(await get(user.id)).toMatchObject({ status: "active", usedBytes: 0 });
    const midnight = new Date(Date.UTC(due.getUTCFullYear(), due.getUTCMonth(), due.getUTCDate() + 1));
    expect((await get(daily.id)).nextResetAt).toBe(midnight.toISOString());
    expect((await get(monthly.id)).nextResetAt?.slice(7)).toBe("-01T00:00:00.000Z");
    expect(await resetDueUsers({ now: due })).toEqual({ reset: 0 });
  });

  it("gives nothing back to who is disabled or expired", async () => {
    const off = await makeUser({ resetPeriod: "day" });
    const late = await makeUser({ resetPeriod: "day", expiresAt: "2020-01-01T00:00:00Z" });
    await disableUser({ ctx: cliContext(), ref: off.id });
    await resetDueUsers({ now: new Date(Date.now() + 2 * 86_400_000) });
    expect((await get(off.id)).status).toBe("disabled");
    expect((await get(late.id)).status).toBe("expired");
  });
});

describe("syncStatuses", () => {
  it("writes `expired` for all whose time is up, with one change row, and knows who is next", async () => {
    const soon = await Promise.all(
      [40, 40, 40_000].map((ms) => makeUser({ expiresAt: new Date(Date.now() + ms).toISOString() })),
    );
    await new Promise((resolve) => setTimeout(resolve, 80));
    const trail = await trailOf(platform.db, () => syncStatuses());
    expect(trail.changes).toEqual([
      { kind: "user", ids: expect.arrayContaining([soon[0]?.id, soon[1]?.id]) },
    ]);
    expect((await get(soon[0]?.id ?? "")).status).toBe("expired");
    expect((await findNextExpiry())?.toISOString()).toBe(soon[2]?.expiresAt);
    expect(await syncStatuses()).toEqual({ changed: 0 });
  });
});

describe("maintainPartitions", () => {
  const partitions = async (table: string) =>
    (
      await platform.db.$queryRaw<{ name: string }[]>`
        SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = ${table}::regclass ORDER BY 1`
    ).map((row) => row.name);
  const total = async () =>
    (await platform.db.$queryRaw<{ sum: bigint }[]>`SELECT sum(up_bytes)::bigint AS sum FROM usage_5m`)[0]
      ?.sum;

  it("creates ahead, moves what fell into the default partition, and loses nothing", async () => {
    const user = await makeUser();
    await spend(user.id);
    const before = await total();
    const { created } = await maintainPartitions();
    expect(created).toHaveLength(7);
    expect(await total()).toBe(before);
    const today = new Date().toISOString().slice(0, 10).replaceAll("-", "");
    expect(await partitions("usage_5m")).toContain(`usage_5m_${today}`);
    const rest = await platform.db.$queryRaw<
      unknown[]
    >`SELECT 1 FROM usage_5m_default WHERE bucket >= current_date`;
    expect(rest).toEqual([]);
    await spend(user.id);
    expect(await maintainPartitions()).toEqual({ created: [], dropped: [] });
  });

  it("drops only what is older than its keeping time", async () => {
    const later = new Date(Date.now() + 5 * 86_400_000);
    const { dropped } = await maintainPartitions({ now: later });
    expect(dropped).toHaveLength(3);
    expect(dropped.every((name) => name.startsWith("usage_5m_"))).toBe(true);
    expect(await partitions("usage_5m")).toContain("usage_5m_default");
  });

  it("runs twice at once without harm", async () => {
    const later = new Date(Date.now() + 40 * 86_400_000);
    await Promise.all([maintainPartitions({ now: later }), maintainPartitions({ now: later })]);
    expect(await maintainPartitions({ now: later })).toEqual({ created: [], dropped: [] });
  });
});
