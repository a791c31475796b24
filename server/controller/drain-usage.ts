import { applyUsage } from "#server/usage/apply-usage.ts";
import type { AgentClient } from "./agent-client.ts";

const BATCHES_A_ROUND = 100;

export type DrainResult = { batches: number; bytes: number; isMore: boolean };

/**
 * Takes what a node's journal holds, in order, into the database, and acknowledges it with the new totals. Killed
 * anywhere in between, it does the same again: applyUsage counts a batch once.
 */
export async function drainUsage({
  nodeId,
  client,
}: {
  nodeId: string;
  client: AgentClient;
}): Promise<DrainResult> {
  const { journalId, batches } = await client.listUsage(BATCHES_A_ROUND);
  const last = batches.at(-1);
  if (last === undefined) return { batches: 0, bytes: 0, isMore: false };
  const totals = new Map<string, number>();
  let bytes = 0;
  for (const { seq, at, entries } of batches) {
    const applied = await applyUsage({
      nodeId,
      batch: {
        source: `node:${nodeId}`,
        boot: journalId,
        seq,
        entries: entries.map((entry) => ({ ...entry, door: "vpn" as const, at })),
      },
    });
    for (const { userId, usedBytes } of applied.totals) totals.set(userId, usedBytes);
    for (const entry of entries) bytes += entry.upBytes + entry.downBytes;
  }
  await client.acknowledgeUsage({
    journalId,
    seq: last.seq,
    totals: [...totals].map(([userId, usedBytes]) => ({ userId, usedBytes })),
  });
  return { batches: batches.length, bytes, isMore: batches.length === BATCHES_A_ROUND };
}
