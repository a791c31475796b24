import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { KEPT_ADDRESSES } from "#lib/door-connections.ts";
import type { DoorConnections, UsageBatch } from "#lib/schemas/internal.ts";
import { applyUsage } from "#server/usage/apply-usage.ts";
import { makeApi, makeCliToken } from "#test/api.ts";
import { cliContext, preparePlatform, userContext } from "#test/database.ts";
import { makeUser } from "#test/made.ts";
import { getConnectionHistory } from "./get-connection-history.ts";
import { pruneConnectionHistory } from "./prune-connection-history.ts";

const platform = preparePlatform();
const DAY_MS = 86_400_000;
const now = Date.UTC(2026, 10, 23, 12);

const seen = (rest: Partial<DoorConnections> = {}): DoorConnections => ({
  opened: 1,
  ended: 1,
  durationMs: 1_500,
  refused: {},
  addresses: {},
  ...rest,
});
const boot = randomUUID();
let seq = 0;
const batchOf = (...entries: UsageBatch["entries"]): UsageBatch => ({
  source: "proxy-auth",
  boot,
  seq: ++seq,
  entries,
});
const entry = (userId: string, connections: DoorConnections, at = now, door: "http" | "socks" = "http") => ({
  userId,
  door,
  at,
  upBytes: 0,
  downBytes: 0,
  connections,
});
const read = (ref: string, days = 30) => getConnectionHistory({ ctx: cliContext(), ref, days, now });

it("counts what happened at a door once, however often its batch comes, and without a byte", async () => {
  const { id, name } = await makeUser();
  const batch = batchOf(
    entry(id, seen({ refused: { "wrong-password": 2 }, addresses: { "192.0.2.1": now - 5 } })),
    entry(id, seen({ refused: { "wrong-password": 1, limited: 1 }, addresses: { "192.0.2.1": now } })),
    entry(id, seen({ opened: 3, ended: 0, durationMs: 0 }), now - DAY_MS, "socks"),
  );
  for (let i = 0; i < 3; i++) await applyUsage({ batch });
  await applyUsage({ batch: batchOf(entry(id, seen({ refused: { limited: 4 } }))) });
  expect(await read(id)).toEqual({
    user: name,
    from: "2026-10-25T00:00:00.000Z",
    to: "2026-11-23T12:00:00.000Z",
    doors: [
      expect.objectContaining({
        door: "http",
        opened: 3,
        ended: 3,
        durationSeconds: 4.5,
        refused: { "wrong-password": 3, limited: 5 },
        lastSeenAt: "2026-11-23T12:00:00.000Z",
      }),
      expect.objectContaining({ door: "socks", opened: 3, ended: 0, durationSeconds: 0, refused: {} }),
    ],
    days: [
      expect.objectContaining({ day: "2026-11-23", door: "http", opened: 3 }),
      expect.objectContaining({ day: "2026-11-22", door: "socks", opened: 3 }),
    ],
    addresses: [{ door: "http", ip: "192.0.2.1", lastSeenAt: "2026-11-23T12:00:00.000Z" }],
  });
  expect((await read(id, 1)).doors.map(({ door }) => door)).toEqual(["http"]);
});

it("writes no bytes and makes nobody online where only something was refused", async () => {
  const { id } = await makeUser();
  await applyUsage({ batch: batchOf(entry(id, seen({ opened: 0, ended: 0, refused: { throttled: 9 } }))) });
  const [row] = await platform.db.$queryRaw<{ rows: bigint; online: Date | null }[]>`
    SELECT (SELECT count(*) FROM usage_5m WHERE user_id = ${id}::uuid) AS rows, online_at AS online
    FROM user_usage WHERE user_id = ${id}::uuid`;
  expect(row).toEqual({ rows: 0n, online: null });
});

it("keeps a bounded number of addresses, those seen last, by door", async () => {
  const { id } = await makeUser();
  for (let i = 0; i < 25; i++)
    await applyUsage({
      batch: batchOf(entry(id, seen({ addresses: { [`2001:db8::${i}`]: now - 1_000 * i } }))),
    });
  await applyUsage({
    batch: batchOf(entry(id, seen({ addresses: { "192.0.2.9": now - DAY_MS } }), now, "socks")),
  });
  const { addresses } = await read(id);
  expect(addresses.filter(({ door }) => door === "http").map(({ ip }) => ip)).toEqual(
    Array.from({ length: KEPT_ADDRESSES }, (_, i) => `2001:db8::${i}`),
  );
  expect(addresses.at(-1)).toMatchObject({ door: "socks", ip: "192.0.2.9" });
});

it("forgets days and addresses after the retention time, and all of a deleted user", async () => {
  const { id } = await makeUser();
  const gone = await makeUser();
  for (const userId of [id, gone.id])
    for (const at of [now - 40 * DAY_MS, now])
      await applyUsage({
        batch: batchOf(entry(userId, seen({ addresses: { [`198.51.100.${at % 97}`]: at } }), at)),
      });
  await pruneConnectionHistory({ now: new Date(now), keepDays: 30 });
  const left = await read(id, 366);
  expect(left.days.map(({ day }) => day)).toEqual(["2026-11-23"]);
  expect(left.addresses).toHaveLength(1);
  await platform.db.user.delete({ where: { id: gone.id } });
  expect(await platform.db.connectionDay.count({ where: { userId: gone.id } })).toBe(0);
  await applyUsage({ batch: batchOf(entry(gone.id, seen({ addresses: { "192.0.2.1": now } }))) });
  expect(await platform.db.connectionAddress.count({ where: { userId: gone.id } })).toBe(0);
});

it("is read by operators and by the person themselves, over the API", async () => {
  const { id, name } = await makeUser();
  const api = makeApi(platform);
  const answer = await api.request(`/api/v1/users/${name}/connections/history?days=7`, {
    headers: { authorization: `Bearer ${await makeCliToken()}` },
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ user: name, doors: [], days: [], addresses: [] });
  const own = userContext({ id, role: "user" });
  await expect(getConnectionHistory({ ctx: own, ref: "me", days: 1 })).resolves.toMatchObject({ user: name });
  const other = await makeUser();
  await expect(getConnectionHistory({ ctx: own, ref: other.id, days: 1 })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
});
