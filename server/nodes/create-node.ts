import { randomUUID } from "node:crypto";
import { z } from "zod";
import { recordAudit } from "#server/audit/record-audit.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import type { Context } from "#server/context.ts";
import { seal } from "#server/crypto.ts";
import { getDb } from "#server/db.ts";
import { conflict, forbidden } from "#server/errors.ts";
import { generateRealityKeyPair, generateShortId } from "#server/xray/keys.ts";
import { realityKeyAad } from "./reality-key-aad.ts";

const portSchema = z.number().int().min(1).max(65535);

export const createNodeInputSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "Use 1 to 63 of a–z, 0–9 and dash."),
  agentUrl: z.url(),
  /** Name or address that clients dial. */
  publicHost: z.string().min(1).max(255),
  /** Xray's own public port, and the port of Traefik's pass-through by SNI. */
  directPort: portSchema,
  edgePublicPort: portSchema,
  /** Port behind the pass-through, which speaks PROXY protocol; on loopback where Traefik is beside Xray. */
  edgeListenPort: portSchema,
  edgeListenHost: z.ipv4().default("127.0.0.1"),
  serverName: z.string().min(1).max(253),
  realityTarget: z.string().min(1).max(255),
});
export type CreateNodeInput = z.input<typeof createNodeInputSchema>;

/** Makes a node with one Reality key pair and two inbounds: `direct` and, behind the SNI pass-through, `edge`. */
export async function createNode({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateNodeInput;
}): Promise<{ id: string }> {
  if (ctx.actor.role === "user") throw forbidden();
  const node = createNodeInputSchema.parse(input);
  if ((await getDb().node.findUnique({ where: { name: node.name } })) !== null) {
    throw conflict(`There already is a node “${node.name}”. Choose another name.`);
  }
  const keys = generateRealityKeyPair();
  const shared = {
    serverName: node.serverName,
    realityTarget: node.realityTarget,
    realityPublicKey: keys.publicKey,
    shortIds: [generateShortId()],
  };
  const id = randomUUID();
  const revision = await getDb().$transaction(async (tx) => {
    await tx.node.create({ data: { id, name: node.name, agentUrl: node.agentUrl } });
    for (const [position, inbound] of [
      { tag: "direct", listen: "0.0.0.0", port: node.directPort, publicPort: node.directPort, isEdge: false },
      {
        tag: "edge",
        listen: node.edgeListenHost,
        port: node.edgeListenPort,
        publicPort: node.edgePublicPort,
        isEdge: true,
      },
    ].entries()) {
      const inboundId = randomUUID();
      await tx.inbound.create({
        data: {
          id: inboundId,
          nodeId: id,
          tag: inbound.tag,
          listen: inbound.listen,
          port: inbound.port,
          acceptProxyProtocol: inbound.isEdge,
          ...shared,
          realityPrivateKeySealed: seal(keys.privateKey, realityKeyAad(inboundId)),
          hosts: {
            create: {
              remark: `${node.name} ${inbound.isEdge ? "443" : "direct"}`,
              address: node.publicHost,
              port: inbound.publicPort,
              position,
            },
          },
        },
      });
    }
    await recordAudit(tx, {
      ctx,
      action: "node.create",
      targetKind: "node",
      targetId: id,
      targetName: node.name,
    });
    return recordChange(tx, "inbound", [id]);
  });
  await publishRevision(revision);
  return { id };
}
