import type { NodeInfo } from "#lib/schemas/status.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, notFound } from "#server/errors.ts";

/** The controller writes `seenAt` at every exchange, at least every 2 s. */
const UP_WITHIN_MS = 10_000;

export async function listNodes({
  ctx,
  now = Date.now(),
}: {
  ctx: Context;
  now?: number;
}): Promise<NodeInfo[]> {
  if (ctx.actor.role === "user") throw forbidden();
  const [nodes, revision] = await Promise.all([
    getDb().node.findMany({
      where: { removedAt: null },
      orderBy: { name: "asc" },
      include: {
        inbounds: { orderBy: { tag: "asc" } },
        enrolment: { select: { signedAt: true, expiresAt: true } },
      },
    }),
    getDb().change.aggregate({ _max: { id: true } }),
  ]);
  return nodes.map((node) => ({
    id: node.id,
    name: node.name,
    agentUrl: node.agentUrl,
    isUp: node.seenAt !== null && now - node.seenAt.getTime() < UP_WITHIN_MS && node.lastError === null,
    isXrayUp: node.isXrayUp,
    xrayVersion: node.xrayVersion,
    canCutLive: node.canCutLive,
    revisionBehind: Math.max(0, Number((revision._max.id ?? 0n) - node.appliedRevision)),
    lastError: node.lastError,
    seenAt: node.seenAt?.toISOString() ?? null,
    inbounds: node.inbounds.map(({ tag, port, serverName, realityPublicKey }) => ({
      tag,
      port,
      serverName,
      realityPublicKey,
    })),
    enrolment:
      node.enrolment === null
        ? null
        : {
            isPending: node.certificateName === null,
            expiresAt: node.enrolment.expiresAt.toISOString(),
          },
  }));
}

/** By id or name. */
export async function getNode({ ctx, ref }: { ctx: Context; ref: string }): Promise<NodeInfo> {
  const node = (await listNodes({ ctx })).find((candidate) => candidate.id === ref || candidate.name === ref);
  if (node === undefined) throw notFound("node", ref);
  return node;
}
