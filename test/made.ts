import type { CreateUserInput, UserSecrets } from "#lib/schemas/user.ts";
import type { PrismaClient } from "#server/generated/prisma/client.ts";
import { createNode } from "#server/nodes/create-node.ts";
import { createUser } from "#server/users/create-user.ts";
import { systemContext } from "./database.ts";

let made = 0;

/** A user with a name of its own, through the verb. */
export function makeUser(input: Partial<CreateUserInput> = {}): Promise<UserSecrets> {
  return createUser({
    ctx: systemContext(),
    input: {
      name: `user-${++made}`,
      email: null,
      role: "user",
      note: "",
      limitBytes: null,
      resetPeriod: "never",
      expiresAt: null,
      ...input,
    },
  });
}

export function makeNode(name = `node-${++made}`): Promise<{ id: string }> {
  return createNode({
    ctx: systemContext(),
    input: {
      name,
      agentUrl: "https://127.0.0.1:9004",
      publicHost: "vpn.test",
      directPort: 8443,
      edgePublicPort: 443,
      edgeListenPort: 8445,
      serverName: "www.reality.test",
      realityTarget: "127.0.0.1:8444",
    },
  });
}

type Trail = {
  revision: number;
  audit: { action: string; targetName: string | null }[];
  changes: { kind: string; ids: string[] }[];
};

/** The audit rows and change rows that `work` leaves. */
export async function trailOf(db: PrismaClient, work: () => Promise<unknown>): Promise<Trail> {
  const [lastAudit, lastChange] = await Promise.all([
    db.auditEntry.findFirst({ orderBy: { id: "desc" } }),
    db.change.findFirst({ orderBy: { id: "desc" } }),
  ]);
  await work();
  const [audit, changes] = await Promise.all([
    db.auditEntry.findMany({
      where: { id: { gt: lastAudit?.id ?? 0n } },
      orderBy: { id: "asc" },
      select: { action: true, targetName: true },
    }),
    db.change.findMany({
      where: { id: { gt: lastChange?.id ?? 0n } },
      orderBy: { id: "asc" },
      select: { id: true, kind: true, ids: true },
    }),
  ]);
  return {
    revision: Number(changes.at(-1)?.id ?? lastChange?.id ?? 0n),
    audit,
    changes: changes.map(({ kind, ids }) => ({ kind, ids })),
  };
}
