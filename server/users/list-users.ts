import { type ListUsersQuery, listUsersQuerySchema, type User } from "#lib/schemas/user.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, invalidInput } from "#server/errors.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { ONLINE_WITHIN_MS, toUser, userSelect } from "./user-row.ts";

const USED = Prisma.sql`(t.vpn_up + t.vpn_down + t.http_up + t.http_down + t.socks_up + t.socks_down)`;
/** What to sort by; `never` (no expiry) stands at the end of time. */
const SORT = {
  name: Prisma.sql`u.name`,
  createdAt: Prisma.sql`u.created_at`,
  usedBytes: USED,
  expiresAt: Prisma.sql`coalesce(u.expires_at, 'infinity'::timestamptz)`,
} as const satisfies Record<ListUsersQuery["sort"], Prisma.Sql>;
const CAST = {
  name: Prisma.sql`varchar`,
  createdAt: Prisma.sql`timestamptz`,
  usedBytes: Prisma.sql`bigint`,
  expiresAt: Prisma.sql`timestamptz`,
} as const satisfies Record<ListUsersQuery["sort"], Prisma.Sql>;

/** What a sort value looks like as PostgreSQL's text, so that a forged cursor is told apart from a fault of ours. */
const TIME = /^(infinity|\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?)$/;
const KEY_TEXT = {
  name: /^[a-z0-9._-]{1,32}$/,
  createdAt: TIME,
  usedBytes: /^\d{1,18}$/,
  expiresAt: TIME,
} as const satisfies Record<ListUsersQuery["sort"], RegExp>;

type Page = { items: User[]; nextCursor: string | null; total: number };

/** A page of users by keyset (the cursor is the last row's sort value and id), so that page 1 000 costs what page 1 does. */
export async function listUsers({
  ctx,
  query: input,
}: {
  ctx: Context;
  query: Partial<ListUsersQuery>;
}): Promise<Page> {
  if (ctx.actor.role === "user") throw forbidden();
  const query = listUsersQuerySchema.parse(input);
  const filter = Prisma.join(filters(query), " AND ");
  const key = SORT[query.sort];
  const direction = query.order === "desc" ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  // Only what sorts or filters is read: a join of 100 000 users takes four times longer than either table.
  const counted = chooseTables(query, null);
  const { tables, id } = chooseTables(query, query.sort);
  const after = query.cursor === undefined ? Prisma.sql`true` : afterCursor(query, query.cursor, id);
  const [rows, [count]] = await Promise.all([
    getDb().$queryRaw<{ id: string; key: string }[]>`
      SELECT id, key::text AS key FROM (
        SELECT ${id} AS id, ${key} AS key FROM ${tables}
        WHERE ${filter} AND ${after} ORDER BY 2 ${direction}, 1 ${direction} LIMIT ${query.limit + 1}) page`,
    getDb().$queryRaw<{ total: bigint }[]>`SELECT count(*) AS total FROM ${counted.tables} WHERE ${filter}`,
  ]);
  const shown = rows.slice(0, query.limit);
  const found = await getDb().user.findMany({
    where: { id: { in: shown.map((row) => row.id) } },
    select: userSelect,
  });
  const byId = new Map(found.map((row) => [row.id, row]));
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return {
    items: shown.flatMap(({ id }) => {
      const row = byId.get(id);
      return row === undefined ? [] : [toUser(row)];
    }),
    nextCursor:
      last === undefined ? null : Buffer.from(JSON.stringify([last.key, last.id])).toString("base64url"),
    total: Number(count?.total ?? 0n),
  };
}

/** `id` is the column that names the user: every user has one row of usage. `sort` null = none. */
function chooseTables(
  query: ListUsersQuery,
  sort: ListUsersQuery["sort"] | null,
): { tables: Prisma.Sql; id: Prisma.Sql } {
  const usesUsage = sort === "usedBytes" || query.online === "true";
  const usesUsers =
    (query.query ?? "") !== "" ||
    query.status !== undefined ||
    query.role !== undefined ||
    query.group !== undefined ||
    (sort !== null && sort !== "usedBytes");
  if (usesUsage && !usesUsers) return { tables: Prisma.sql`user_usage t`, id: Prisma.sql`t.user_id` };
  const join = usesUsage ? Prisma.sql`JOIN user_usage t ON t.user_id = u.id` : Prisma.empty;
  return { tables: Prisma.sql`"user" u ${join}`, id: Prisma.sql`u.id` };
}

function filters(query: ListUsersQuery): Prisma.Sql[] {
  const parts = [Prisma.sql`true`];
  if (query.query !== undefined && query.query !== "") {
    const pattern = `%${query.query.replace(/[\\%_]/g, "\\$&")}%`;
    // The expression of user_search_idx, word for word, so that three letters and more use the index.
    parts.push(Prisma.sql`(u.name || ' ' || coalesce(u.email, '') || ' ' || u.note) ILIKE ${pattern}`);
  }
  if (query.status !== undefined) parts.push(Prisma.sql`u.status = ${query.status}::"UserStatus"`);
  if (query.role !== undefined) parts.push(Prisma.sql`u.role = ${query.role}::"Role"`);
  if (query.online === "true")
    parts.push(Prisma.sql`t.online_at > now() - make_interval(secs => ${ONLINE_WITHIN_MS / 1000})`);
  if (query.group !== undefined)
    parts.push(Prisma.sql`u.id IN (
      SELECT m.user_id FROM group_member m JOIN "group" g ON g.id = m.group_id WHERE g.name = ${query.group})`);
  return parts;
}

function afterCursor(query: ListUsersQuery, cursor: string, id: Prisma.Sql): Prisma.Sql {
  const parsed = parseCursor(cursor);
  if (parsed === null || !KEY_TEXT[query.sort].test(parsed[0]))
    throw invalidInput("This cursor is not one of ours. Start from the first page.");
  const [lastKey, lastId] = parsed;
  const sign = query.order === "desc" ? Prisma.sql`<` : Prisma.sql`>`;
  return Prisma.sql`(${SORT[query.sort]}, ${id}) ${sign} (${lastKey}::${CAST[query.sort]}, ${lastId}::uuid)`;
}

function parseCursor(cursor: string): [string, string] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (!Array.isArray(value)) return null;
    const [key, id] = value as unknown[];
    return typeof key === "string" && typeof id === "string" && /^[0-9a-f-]{36}$/.test(id) ? [key, id] : null;
  } catch {
    return null;
  }
}
