import { randomBytes, randomUUID } from "node:crypto";
import { type AddNodeInput, addNodeInputSchema } from "#lib/schemas/node.ts";
import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { seal } from "#server/crypto.ts";
import { getDb } from "#server/db.ts";
import { conflict, forbidden } from "#server/errors.ts";
import { generateRealityKeyPair, generateShortId } from "#server/xray/keys.ts";
import { agentUrlOf } from "./agent-url.ts";
import { makeEnrolmentSecret } from "./enrolment-secret.ts";
import { realityKeyAad } from "./reality-key-aad.ts";

/** A node that waits for its machine: nobody is sent there, and the controller leaves it alone, until it has joined. */
export async function addNode({
  ctx,
  input,
}: {
  ctx: Context;
  input: AddNodeInput;
}): Promise<{ id: string; secret: string; expiresAt: Date }> {
  if (ctx.actor.role === "user") throw forbidden();
  const { name, address, port, agentPort, serverName, realityTarget } = addNodeInputSchema.parse(input);
  if ((await getDb().node.findUnique({ where: { name } })) !== null)
    throw conflict(`There already is a node “${name}”. Choose another name.`);
  const keys = generateRealityKeyPair();
  const [id, inboundId] = [randomUUID(), randomUUID()];
  const { secret, row } = makeEnrolmentSecret();
  const revision = await getDb().$transaction(async (tx) => {
    await tx.node.create({
      data: { id, name, agentUrl: agentUrlOf(address, agentPort), enrolment: { create: row } },
    });
    await tx.inbound.create({
      data: {
        id: inboundId,
        nodeId: id,
        tag: "direct",
        listen: "0.0.0.0",
        port,
        serverName: serverName ?? `www.${randomBytes(6).toString("hex")}.causeway.internal`,
        realityTarget,
        realityPublicKey: keys.publicKey,
        realityPrivateKeySealed: seal(keys.privateKey, realityKeyAad(inboundId)),
        shortIds: [generateShortId()],
        // Shown to people once the machine is there.
        hosts: { create: { remark: name, address, port, isEnabled: false } },
      },
    });
    await recordAudit(tx, {
      ctx,
      action: "node.add",
      targetKind: "node",
      targetId: id,
      targetName: name,
      details: { address, port, agentPort },
    });
    return recordChange(tx, "inbound", [id]);
  });
  await publishRevision(revision);
  return { id, secret, expiresAt: row.expiresAt };
}
