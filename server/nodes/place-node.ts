import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden } from "#server/errors.ts";
import { type CreateNodeInput, createNode } from "./create-node.ts";

/**
 * Makes the node, or moves it to these addresses and ports (keys, short ids and the server name's secrets stay,
 * so that links change only where they must). Called at every start of the stack.
 */
export async function placeNode({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateNodeInput;
}): Promise<{ id: string }> {
  if (ctx.actor.role === "user") throw forbidden();
  const node = await getDb().node.findUnique({
    where: { name: input.name },
    include: { inbounds: { include: { hosts: true } } },
  });
  if (node === null) return createNode({ ctx, input });
  const isMoved = node.inbounds.some((inbound) => {
    const { port, publicPort } = placed(inbound.tag, input);
    return (
      inbound.port !== port ||
      inbound.serverName !== input.serverName ||
      inbound.realityTarget !== input.realityTarget ||
      inbound.hosts.some((host) => host.port !== publicPort || host.address !== input.publicHost)
    );
  });
  if (!isMoved && node.agentUrl === input.agentUrl) return { id: node.id };
  const revision = await getDb().$transaction(async (tx) => {
    await tx.node.update({ where: { id: node.id }, data: { agentUrl: input.agentUrl } });
    for (const inbound of node.inbounds) {
      const { port, publicPort } = placed(inbound.tag, input);
      await tx.inbound.update({
        where: { id: inbound.id },
        data: { port, serverName: input.serverName, realityTarget: input.realityTarget },
      });
      await tx.host.updateMany({
        where: { inboundId: inbound.id },
        data: { address: input.publicHost, port: publicPort },
      });
    }
    await recordAudit(tx, {
      ctx,
      action: "node.move",
      targetKind: "node",
      targetId: node.id,
      targetName: node.name,
    });
    return recordChange(tx, "inbound", [node.id]);
  });
  await publishRevision(revision);
  return { id: node.id };
}

function placed(tag: string, input: CreateNodeInput): { port: number; publicPort: number } {
  return tag === "edge"
    ? { port: input.edgeListenPort, publicPort: input.edgePublicPort }
    : { port: input.directPort, publicPort: input.directPort };
}
