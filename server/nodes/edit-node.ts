import { type EditNodeInput, editNodeInputSchema } from "#lib/schemas/node.ts";
import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { conflict, invalidInput } from "#server/errors.ts";
import { agentUrlOf, readAgentUrl } from "./agent-url.ts";
import { findNodeRow } from "./find-node.ts";

/** Moves a node that has joined by a token: links and the controller follow; keys stay. */
export async function editNode({
  ctx,
  ref,
  input,
}: {
  ctx: Context;
  ref: string;
  input: EditNodeInput;
}): Promise<void> {
  const change = editNodeInputSchema.parse(input);
  const node = await findNodeRow({ ctx, ref });
  if (Object.keys(change).length === 0) throw invalidInput("Say what to change: address, port or agentPort.");
  if (node.enrolment === null)
    throw conflict(`${node.name} follows the settings of the installation: npm run up -- --host NAME`);
  const old = readAgentUrl(node.agentUrl);
  const agentUrl = agentUrlOf(change.address ?? old.address, change.agentPort ?? old.port);
  const revision = await getDb().$transaction(async (tx) => {
    await tx.node.update({ where: { id: node.id }, data: { agentUrl } });
    if (change.port !== undefined)
      await tx.inbound.updateMany({ where: { nodeId: node.id, tag: "direct" }, data: { port: change.port } });
    await tx.host.updateMany({
      where: { inbound: { nodeId: node.id, tag: "direct" } },
      data: {
        ...(change.address === undefined ? {} : { address: change.address }),
        ...(change.port === undefined ? {} : { port: change.port }),
      },
    });
    await recordAudit(tx, {
      ctx,
      action: "node.edit",
      targetKind: "node",
      targetId: node.id,
      targetName: node.name,
      details: change,
    });
    return recordChange(tx, "inbound", [node.id]);
  });
  await publishRevision(revision);
}
