import { METERED_DOORS, type MeteredDoor } from "#lib/doors.ts";
import type { ConnectionHistory } from "#lib/schemas/connection.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { getReadableRow } from "#server/users/user-row.ts";

const DAY_MS = 86_400_000;

type Day = ConnectionHistory["days"][number];

/** What one user did at the doors these days, and where they came from. Read from few rows: two a day. */
export async function getConnectionHistory(options: {
  ctx: Context;
  ref: string;
  days: number;
  now?: number;
}): Promise<ConnectionHistory> {
  const { ctx, ref, days, now = Date.now() } = options;
  const user = await getReadableRow(ctx, ref);
  const from = new Date((Math.floor(now / DAY_MS) - days + 1) * DAY_MS);
  const db = getDb();
  const [rows, addresses] = await Promise.all([
    db.connectionDay.findMany({
      where: { userId: user.id, day: { gte: from } },
      orderBy: [{ day: "desc" }, { door: "asc" }],
    }),
    db.connectionAddress.findMany({ where: { userId: user.id }, orderBy: { lastSeenAt: "desc" } }),
  ]);
  const read: Day[] = rows.map((row) => ({
    day: row.day.toISOString().slice(0, 10),
    door: doorOf(row.door),
    opened: Number(row.opened),
    ended: Number(row.ended),
    durationSeconds: Number(row.durationMs) / 1_000,
    refused: row.refused as Record<string, number>,
    lastSeenAt: row.lastSeenAt.toISOString(),
  }));
  return {
    user: user.name,
    from: from.toISOString(),
    to: new Date(now).toISOString(),
    doors: METERED_DOORS.flatMap((door) => sumOf(door, read)),
    days: read,
    addresses: addresses.map(({ door, ip, lastSeenAt }) => ({
      door: doorOf(door),
      ip,
      lastSeenAt: lastSeenAt.toISOString(),
    })),
  };
}

const doorOf = (number: number): MeteredDoor => METERED_DOORS[number - 1] ?? "http";

function sumOf(door: MeteredDoor, days: Day[]): ConnectionHistory["doors"] {
  const ofDoor = days.filter((day) => day.door === door);
  const [newest] = ofDoor;
  if (!newest) return [];
  const refused: Record<string, number> = {};
  const sum = { door, opened: 0, ended: 0, durationSeconds: 0, refused, lastSeenAt: newest.lastSeenAt };
  for (const day of ofDoor) {
    sum.opened += day.opened;
    sum.ended += day.ended;
    sum.durationSeconds += day.durationSeconds;
    for (const [reason, count] of Object.entries(day.refused))
      refused[reason] = (refused[reason] ?? 0) + count;
  }
  return [sum];
}
