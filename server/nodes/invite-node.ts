import { recordAudit } from "#server/audit/record-audit.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { conflict } from "#server/errors.ts";
import { makeEnrolmentSecret } from "./enrolment-secret.ts";
import { findNodeRow } from "./find-node.ts";

/** A new secret for a node that has not joined in time, or whose machine is replaced; an older one ends. */
export async function inviteNode({
  ctx,
  ref,
}: {
  ctx: Context;
  ref: string;
}): Promise<{ secret: string; expiresAt: Date }> {
  const node = await findNodeRow({ ctx, ref });
  if (node.enrolment === null)
    throw conflict(`${node.name} belongs to the installation itself: it needs no invitation.`);
  const { secret, row } = makeEnrolmentSecret();
  await getDb().$transaction(async (tx) => {
    await tx.nodeEnrolment.update({
      where: { nodeId: node.id },
      data: { ...row, csr: null, certificate: null, ca: null, signedAt: null, error: null },
    });
    await recordAudit(tx, {
      ctx,
      action: "node.invite",
      targetKind: "node",
      targetId: node.id,
      targetName: node.name,
    });
  });
  return { secret, expiresAt: row.expiresAt };
}
