import type { User } from "#lib/schemas/user.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, notFound } from "#server/errors.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

/** Online = bytes moved through a metered door within this time; doors report every 2 s. */
export const ONLINE_WITHIN_MS = 60_000;

export const userSelect = {
  id: true,
  name: true,
  email: true,
  role: true,
  status: true,
  note: true,
  limitBytes: true,
  maxTunnels: true,
  rateLimitBitsPerSecond: true,
  resetPeriod: true,
  nextResetAt: true,
  expiresAt: true,
  createdAt: true,
  passwordHash: true,
  groups: { select: { group: { select: { name: true } } } },
  usage: {
    select: {
      vpnUp: true,
      vpnDown: true,
      httpUp: true,
      httpDown: true,
      socksUp: true,
      socksDown: true,
      resetAt: true,
      onlineAt: true,
    },
  },
} as const satisfies Prisma.UserSelect;

export type UserRow = Prisma.UserGetPayload<{ select: typeof userSelect }>;

export function usedBytes(row: Pick<UserRow, "usage">): number {
  const usage = row.usage;
  if (usage === null) return 0;
  return Number(
    usage.vpnUp + usage.vpnDown + usage.httpUp + usage.httpDown + usage.socksUp + usage.socksDown,
  );
}

/** The DTO: bigint → number, dates → RFC 3339, the password hash → whether there is one. */
export function toUser(row: UserRow, now = Date.now()): User {
  const onlineAt = row.usage?.onlineAt ?? null;
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    status: row.status,
    note: row.note,
    limitBytes: row.limitBytes === null ? null : Number(row.limitBytes),
    maxTunnels: row.maxTunnels,
    rateLimitBitsPerSecond: row.rateLimitBitsPerSecond === null ? null : Number(row.rateLimitBitsPerSecond),
    usedBytes: usedBytes(row),
    resetPeriod: row.resetPeriod,
    nextResetAt: row.nextResetAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    onlineAt: onlineAt?.toISOString() ?? null,
    isOnline: onlineAt !== null && now - onlineAt.getTime() < ONLINE_WITHIN_MS,
    hasPassword: row.passwordHash !== null,
    groups: row.groups.map(({ group }) => group.name).sort(),
    createdAt: row.createdAt.toISOString(),
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** By id, name, or `me`. Throws NOT_FOUND. */
export async function getUserRow(
  ctx: Context,
  ref: string,
  tx: Prisma.TransactionClient = ctx.tx ?? getDb(),
): Promise<UserRow> {
  const { actor } = ctx;
  if (ref === "me") {
    if (actor.kind !== "user" && actor.kind !== "token") throw notFound("user", "me");
    return getUserRow(ctx, actor.id, tx);
  }
  const row = await tx.user.findUnique({
    where: UUID.test(ref) ? { id: ref.toLowerCase() } : { name: ref },
    select: userSelect,
  });
  if (row === null) throw notFound("user", ref);
  return row;
}

/**
 * The row as it is now, locked until commit: what a write derives from it cannot be overtaken by another write.
 * The total is locked before the user, as applyUsage does, so that the two cannot wait for each other.
 */
export async function lockUserRow(tx: Prisma.TransactionClient, id: string): Promise<UserRow> {
  await tx.$executeRaw`SELECT 1 FROM user_usage WHERE user_id = ${id}::uuid FOR UPDATE`;
  await tx.$executeRaw`SELECT 1 FROM "user" WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.user.findUnique({ where: { id }, select: userSelect });
  if (row === null) throw notFound("user", id);
  return row;
}

export const isSelf = (ctx: Context, row: Pick<UserRow, "id">): boolean =>
  (ctx.actor.kind === "user" || ctx.actor.kind === "token") && ctx.actor.id === row.id;

/** An operator, or the user themselves. A stranger learns nothing: NOT_FOUND is for operators only. */
export async function getReadableRow(ctx: Context, ref: string): Promise<UserRow> {
  if (ctx.actor.role === "user" && ref !== "me" && !isOwnRef(ctx, ref)) throw forbidden();
  return getUserRow(ctx, ref);
}

function isOwnRef({ actor }: Context, ref: string): boolean {
  return (actor.kind === "user" || actor.kind === "token") && (actor.id === ref || actor.name === ref);
}

/** For writes on others' accounts: operators only, and an owner is changed by an owner only. */
export async function getManagedRow(ctx: Context, ref: string): Promise<UserRow> {
  if (ctx.actor.role === "user") throw forbidden();
  const row = await getUserRow(ctx, ref);
  if (row.role === "owner" && ctx.actor.role !== "owner")
    throw forbidden("Only an owner may change an owner's account.");
  return row;
}
