import type { AgentState } from "#lib/schemas/agent.ts";
import { getDb } from "#server/db.ts";

/** What the controller saw of a node; `error` in words, or null after a good exchange. */
export async function updateNodeState({
  nodeId,
  state,
  error,
}: {
  nodeId: string;
  state: AgentState | null;
  error: string | null;
}): Promise<void> {
  const lastError = error === null ? null : error.slice(0, 300);
  if (state === null) {
    await getDb().node.updateMany({ where: { id: nodeId }, data: { lastError } });
    return;
  }
  await getDb().node.updateMany({
    where: { id: nodeId },
    data: {
      lastError,
      appliedRevision: BigInt(state.revision),
      isXrayUp: state.xray.isUp,
      xrayVersion: state.xray.version,
      canCutLive: state.canCutLive,
      seenAt: new Date(),
    },
  });
}
