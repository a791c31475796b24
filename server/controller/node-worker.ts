import type { AgentState } from "#lib/schemas/agent.ts";
import type { Clock } from "#server/clock.ts";
import type { Logger } from "#server/logger.ts";
import { updateNodeState } from "#server/nodes/update-node-state.ts";
import type { AgentClient } from "./agent-client.ts";
import { AgentError } from "./agent-error.ts";
import type { ControllerMetrics } from "./controller-metrics.ts";
import { drainUsage } from "./drain-usage.ts";
import { createErrorTeller } from "./error-teller.ts";
import type { Lease } from "./lease.ts";
import { runLoop } from "./run-loop.ts";
import { NodeSync } from "./sync-node.ts";
import type { WantedDigest } from "./wanted-digest.ts";

/** A missed message is healed after this; also how often the node's state is read. */
const PULL_EVERY_MS = 2_000;
const USAGE_EVERY_MS = 1_000;

export type NodeWorker = { wake(): void; stop(): Promise<void> };

/** Everything the controller does for one node, in two loops that wait for nobody else. */
export function startNodeWorker(options: {
  node: { id: string; name: string };
  client: AgentClient;
  wanted: WantedDigest;
  lease: Lease;
  metrics: ControllerMetrics;
  log: Logger;
  clock: Clock;
}): NodeWorker {
  const { node, client, lease, metrics, clock } = options;
  const log = options.log.child({ node: node.name });
  const sync = new NodeSync(node.id, client, options.wanted);
  const label = { node: node.name };
  let stored: string | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;

  async function storeState(state: AgentState, isDue: boolean): Promise<void> {
    const key = JSON.stringify([state.revision, state.xray, state.canCutLive]);
    if (!isDue && key === stored) return;
    await updateNodeState({ nodeId: node.id, state, error: null });
    stored = key;
  }

  const secondsSince = (at: Date) => Math.max(0, clock.now() - at.getTime()) / 1000;
  const forgetNode = () => {
    metrics.nodeUp.remove(label);
    metrics.nodeXrayUp.remove(label);
    metrics.revisionByNode.delete(node.name);
  };

  const syncTeller = createErrorTeller(log, "the node is not in step");
  const syncLoop = runLoop({
    async round() {
      const now = clock.now();
      if (!(await lease.isHeld(now))) {
        sync.forget();
        // Another controller follows it now, and tells.
        forgetNode();
        return PULL_EVERY_MS;
      }
      const isDue = now - askedAt >= PULL_EVERY_MS - 100;
      if (isDue) sync.forget();
      const result = await sync.run(now);
      if (isDue) askedAt = now;
      if (result.sent !== "nothing") {
        metrics.sent.inc({ ...label, kind: result.sent });
        metrics.syncSeconds.observe(label, (clock.now() - now) / 1000);
        log.info({ sent: result.sent, revision: result.state.revision }, "node brought up to date");
      }
      metrics.nodeUp.set(label, 1);
      metrics.nodeXrayUp.set(label, result.state.xray.isUp ? 1 : 0);
      metrics.revisionByNode.set(node.name, result.state.revision);
      for (const at of result.changedAt) metrics.effectSeconds.observe({ door: "vpn" }, secondsSince(at));
      await storeState(result.state, isDue);
      syncTeller.recovered();
      return PULL_EVERY_MS;
    },
    async onError(error) {
      syncTeller.failed(error);
      stored = null;
      if (!(error instanceof AgentError)) return;
      metrics.nodeUp.set(label, 0);
      metrics.nodeXrayUp.remove(label);
      await updateNodeState({ nodeId: node.id, state: null, error: error.message });
    },
  });

  const usageTeller = createErrorTeller(log, "the node's usage cannot be taken");
  const usageLoop = runLoop({
    async round() {
      if (!(await lease.isHeld(clock.now()))) return USAGE_EVERY_MS;
      const drained = await drainUsage({ nodeId: node.id, client });
      metrics.usageBatches.inc(label, drained.batches);
      metrics.usageBytes.inc(label, drained.bytes);
      usageTeller.recovered();
      return drained.isMore ? 0 : USAGE_EVERY_MS;
    },
    onError: (error) => usageTeller.failed(error),
  });

  return {
    wake: () => syncLoop.wake(),
    async stop() {
      const loops = [syncLoop.stop(), usageLoop.stop()];
      // Ends a request to a node that does not answer.
      await client.close();
      await Promise.all(loops);
      forgetNode();
    },
  };
}
