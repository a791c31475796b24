import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { conflict } from "#server/errors.ts";
import { findNodeRow } from "./find-node.ts";

/**
 * Takes a node out: its links go at once, its certificate is worth nothing from now on, and the controller has its
 * Xray stopped, fetches its last usage, and deletes the row (fleet.ts).
 */
export async function removeNode({ ctx, ref }: { ctx: Context; ref: string }): Promise<void> {
  const node = await findNodeRow({ ctx, ref });
  if (node.enrolment === null)
    throw conflict(`${node.name} belongs to the installation itself and stays as long as it does.`);
  const revision = await getDb().$transaction(async (tx) => {
    if (node.certificateName === null) await tx.node.delete({ where: { id: node.id } });
    else {
      // The name is free again; nothing but the controller sees the row any more.
      const data = { name: `removed-${node.id}`, removedAt: new Date() };
      await tx.node.update({ where: { id: node.id }, data });
      await tx.nodeEnrolment.deleteMany({ where: { nodeId: node.id } });
      await tx.inbound.deleteMany({ where: { nodeId: node.id } });
    }
    await recordAudit(tx, {
      ctx,
      action: "node.remove",
      targetKind: "node",
      targetId: node.id,
      targetName: node.name,
    });
    return recordChange(tx, "inbound", [node.id]);
  });
  await publishRevision(revision);
}
