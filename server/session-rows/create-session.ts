import { recordAudit } from "#server/audit/record-audit.ts";
import { getDb } from "#server/db.ts";

type Input = {
  /** Hex SHA-256 of the cookie's value. */
  idHash: string;
  user: { id: string; name: string; role: "owner" | "admin" | "user" };
  host: string;
  ip: string | null;
  userAgent: string;
  expiresAt: Date;
  requestId: string;
  /** The panel's session that hands it on; left out = a sign-in. */
  parentId?: string;
};

/** The row of a sign-in that has just succeeded, or was handed on to another host, and its audit row. Nobody needs to be told: no change row. */
export async function createSession(input: Input): Promise<{ id: string }> {
  const { user, ip, requestId } = input;
  return getDb().$transaction(async (tx) => {
    const session = await tx.session.create({
      data: {
        idHash: Buffer.from(input.idHash, "hex"),
        userId: user.id,
        host: input.host.slice(0, 255),
        ip: ip ?? "",
        userAgent: input.userAgent.slice(0, 300),
        expiresAt: input.expiresAt,
        parentId: input.parentId ?? null,
      },
      select: { id: true },
    });
    await recordAudit(tx, {
      ctx: { actor: { kind: "user", ...user, sessionId: session.id }, ip, requestId },
      action: "session.create",
      targetKind: "session",
      targetId: session.id,
      targetName: user.name,
      ...(input.parentId === undefined ? {} : { details: { host: input.host, parentId: input.parentId } }),
    });
    return session;
  });
}
