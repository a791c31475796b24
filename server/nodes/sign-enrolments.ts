import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { AppError } from "#server/errors.ts";
import { certificateNameOf } from "./enrolment-secret.ts";

/** Signs a CSR for one name; answers PEM. Throws AppError for a CSR that it will not sign. */
export type SignAgent = (request: {
  csr: string;
  name: string;
}) => Promise<{ certificate: string; ca: string }>;

/** Signs what machines that join have asked for; from then on the controller follows them. Answers their names. */
export async function signEnrolments({ ctx, sign }: { ctx: Context; sign: SignAgent }): Promise<string[]> {
  const waiting = await getDb().nodeEnrolment.findMany({
    where: { csr: { not: null }, signedAt: null, error: null, node: { removedAt: null } },
    include: { node: { select: { name: true } } },
    take: 50,
  });
  const joined: string[] = [];
  for (const { nodeId, csr, expiresAt, node } of waiting) {
    if (csr === null || expiresAt <= new Date()) continue;
    const certificateName = certificateNameOf(nodeId);
    try {
      const signed = await sign({ csr, name: certificateName });
      if (await store(ctx, { nodeId, name: node.name, csr, certificateName, ...signed }))
        joined.push(node.name);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await getDb().nodeEnrolment.updateMany({
        where: { nodeId, csr },
        data: { error: error.message.slice(0, 300) },
      });
    }
  }
  return joined;
}

type Signed = {
  nodeId: string;
  name: string;
  csr: string;
  certificateName: string;
  certificate: string;
  ca: string;
};

/** false: another CSR or controller came in between. */
async function store(ctx: Context, signed: Signed): Promise<boolean> {
  const { nodeId, name, csr, certificateName, certificate, ca } = signed;
  const revision = await getDb().$transaction(async (tx) => {
    const { count } = await tx.nodeEnrolment.updateMany({
      where: { nodeId, csr, signedAt: null, node: { removedAt: null } },
      data: { certificate, ca, signedAt: new Date() },
    });
    if (count === 0) return null;
    await tx.node.update({ where: { id: nodeId }, data: { certificateName } });
    await tx.host.updateMany({ where: { inbound: { nodeId } }, data: { isEnabled: true } });
    await recordAudit(tx, {
      ctx,
      action: "node.join",
      targetKind: "node",
      targetId: nodeId,
      targetName: name,
    });
    return recordChange(tx, "inbound", [nodeId]);
  });
  if (revision === null) return false;
  await publishRevision(revision);
  return true;
}
