import type { AgentInbound, AgentUser, Delta } from "#lib/schemas/agent.ts";
import { vlessAad } from "#server/credentials/aad.ts";
import { open } from "#server/crypto.ts";
import { getDb } from "#server/db.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { realityKeyAad } from "./reality-key-aad.ts";

export type NodeSnapshot = { revision: number; inbounds: AgentInbound[]; users: AgentUser[] };

/** `changedAt`: when each change was made that concerns nodes; `traceContexts`: the traces they are part of. */
export type NodeDelta = Delta & { changedAt: Date[]; traceContexts: string[] };

/** Everything a node must hold, as of one revision. Secrets are unsealed: for the agent's mTLS connection only. */
export async function getNodeSnapshot({
  nodeId,
  pageSize,
}: {
  nodeId: string;
  pageSize?: number;
}): Promise<NodeSnapshot> {
  return getDb().$transaction(
    async (tx) => ({
      revision: await readRevision(tx),
      inbounds: await readInbounds(tx, nodeId),
      users: (await readUsers(tx, null, pageSize)).filter((row) => row.isOpen).map((row) => row.user),
    }),
    { isolationLevel: "RepeatableRead", timeout: 60_000 },
  );
}

/** What changed for a node after a revision; isPruned: rows needed are gone, or all changed: send a snapshot. */
export async function getNodeDelta({
  nodeId,
  after,
}: {
  nodeId: string;
  after: number;
}): Promise<NodeDelta | { isPruned: true }> {
  return getDb().$transaction(
    async (tx) => {
      const to = await readRevision(tx);
      if (after > to) return { isPruned: true as const };
      const rows = await tx.change.findMany({
        where: { id: { gt: after, lte: to } },
        select: { kind: true, ids: true, createdAt: true, traceContext: true },
      });
      // Ids have no gaps but those of rolled-back transactions, so only the oldest row can tell what was pruned.
      const oldest = await tx.change.findFirst({ orderBy: { id: "asc" }, select: { id: true } });
      if (oldest !== null && Number(oldest.id) > after + 1 && (await wasPruned(tx, after)))
        return { isPruned: true as const };
      const userRows = rows.filter((row) => row.kind === "user");
      if (userRows.some((row) => row.ids.length === 0)) return { isPruned: true as const };
      const ids = [...new Set(userRows.flatMap((row) => row.ids))];
      const users = ids.length === 0 ? [] : await readUsers(tx, ids);
      const open = new Map(users.filter((row) => row.isOpen).map((row) => [row.user.id, row.user]));
      const areInboundsChanged = rows.some(
        (row) => row.kind === "inbound" && (row.ids.length === 0 || row.ids.includes(nodeId)),
      );
      return {
        from: after,
        to,
        inbounds: areInboundsChanged ? await readInbounds(tx, nodeId) : null,
        upsert: [...open.values()],
        remove: ids.filter((id) => !open.has(id)),
        changedAt: rows
          .filter(({ kind }) => kind === "user" || kind === "inbound")
          .map(({ createdAt }) => createdAt),
        traceContexts: rows.flatMap(({ traceContext }) => traceContext ?? []),
      };
    },
    { isolationLevel: "RepeatableRead", timeout: 60_000 },
  );
}

async function readRevision(tx: Prisma.TransactionClient): Promise<number> {
  const { _max } = await tx.change.aggregate({ _max: { id: true } });
  return Number(_max.id ?? 0n);
}

/** A node at revision 0 has seen nothing; any other must find the row it stopped at, or a later one may be missing. */
async function wasPruned(tx: Prisma.TransactionClient, after: number): Promise<boolean> {
  return after === 0 || (await tx.change.count({ where: { id: after } })) === 0;
}

async function readInbounds(tx: Prisma.TransactionClient, nodeId: string): Promise<AgentInbound[]> {
  const inbounds = await tx.inbound.findMany({ where: { nodeId }, orderBy: { tag: "asc" } });
  return inbounds.map((inbound) => ({
    tag: inbound.tag,
    listen: inbound.listen,
    port: inbound.port,
    acceptProxyProtocol: inbound.acceptProxyProtocol,
    serverName: inbound.serverName,
    realityTarget: inbound.realityTarget,
    realityPrivateKey: open(inbound.realityPrivateKeySealed, realityKeyAad(inbound.id)),
    shortIds: inbound.shortIds,
  }));
}

type OpenUser = { isOpen: boolean; user: AgentUser };
type StoredUser = { isOpen: boolean; sealed: string; user: Omit<AgentUser, "vlessId"> };

/** Small enough that unsealing one page holds the event loop for some 10 ms. */
const PAGE_SIZE = 2_000;
const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";

/** `ids` null = all users whose VPN door is open; else these, open or not. */
async function readUsers(
  tx: Prisma.TransactionClient,
  ids: string[] | null,
  pageSize = PAGE_SIZE,
): Promise<OpenUser[]> {
  if (ids !== null) return readPage(tx, Prisma.sql`u.id = ANY(${ids}::uuid[])`);
  const users: OpenUser[] = [];
  for (let after = BEFORE_ALL; ; ) {
    const page = await readPage(
      tx,
      Prisma.sql`u.status = 'active' AND u.id > ${after}::uuid ORDER BY u.id LIMIT ${pageSize}`,
    );
    users.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return users;
    after = last.user.id;
  }
}

/** One JSON text a page, as in server/changes/replica-user.ts: building rows one by one takes Prisma ten times longer. */
async function readPage(tx: Prisma.TransactionClient, where: Prisma.Sql): Promise<OpenUser[]> {
  const [page] = await tx.$queryRaw<[{ users: string }]>`
    SELECT coalesce(json_agg(json_build_object(
      'isOpen', r.status = 'active', 'sealed', encode(r.sealed, 'hex'),
      'user', json_build_object('id', r.id, 'expiresAt', floor(extract(epoch FROM r.expires_at) * 1000)::bigint,
        'limitBytes', r.limit_bytes, 'usedBytes', r.used_bytes)) ORDER BY r.id), '[]')::text AS users
    FROM (
      SELECT u.*, c.sealed,
        t.vpn_up + t.vpn_down + t.http_up + t.http_down + t.socks_up + t.socks_down AS used_bytes
      FROM (SELECT * FROM "user" u WHERE ${where}) u
      JOIN credential c ON c.user_id = u.id AND c.kind = 'vless'
      JOIN user_usage t ON t.user_id = u.id
    ) r`;
  return (JSON.parse(page.users) as StoredUser[]).map(({ isOpen, sealed, user }) => ({
    isOpen,
    user: { ...user, vlessId: open(Buffer.from(sealed, "hex"), vlessAad(user.id)) },
  }));
}
