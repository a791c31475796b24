import { getDb } from "#server/db.ts";

export type FleetNode = {
  id: string;
  name: string;
  agentUrl: string;
  /** The name its certificate must carry; null = the address is. */
  certificateName: string | null;
  removedAt: Date | null;
};

/** The nodes that the controller talks to: not those whose machine has not joined yet. */
export async function listFleet(): Promise<FleetNode[]> {
  return getDb().node.findMany({
    where: { OR: [{ enrolment: null }, { certificateName: { not: null } }] },
    select: { id: true, name: true, agentUrl: true, certificateName: true, removedAt: true },
    orderBy: { name: "asc" },
  });
}

/** The last of a node that was taken out; its usage stays. */
export async function forgetNode({ nodeId }: { nodeId: string }): Promise<void> {
  await getDb().node.deleteMany({ where: { id: nodeId, removedAt: { not: null } } });
}
