import type { Clock } from "#server/clock.ts";
import type { Context } from "#server/context.ts";
import type { Logger } from "#server/logger.ts";
import { listNodes } from "#server/nodes/list-nodes.ts";
import { type AgentTls, createAgentClient } from "./agent-client.ts";
import type { ControllerMetrics } from "./controller-metrics.ts";
import { createErrorTeller } from "./error-teller.ts";
import { Lease } from "./lease.ts";
import { type NodeWorker, startNodeWorker } from "./node-worker.ts";
import { runLoop } from "./run-loop.ts";
import { WantedDigest } from "./wanted-digest.ts";

const LIST_EVERY_MS = 2_000;

export type Fleet = { wake(): void; stop(): Promise<void> };

/** One worker for each node in the database: started, moved and stopped as nodes come, move and go. */
export function startFleet(options: {
  ctx: Context;
  holder: string;
  tls: AgentTls;
  metrics: ControllerMetrics;
  log: Logger;
  clock: Clock;
}): Fleet {
  const { ctx, holder, tls, log } = options;
  const workers = new Map<string, { agentUrl: string; worker: NodeWorker }>();
  const wanted = new WantedDigest();
  const teller = createErrorTeller(log, "the list of nodes cannot be read");

  const loop = runLoop({
    async round() {
      const nodes = await listNodes({ ctx });
      const listed = new Map(nodes.map((node) => [node.id, node]));
      for (const [id, { agentUrl, worker }] of workers) {
        if (listed.get(id)?.agentUrl === agentUrl) continue;
        workers.delete(id);
        worker.stop().catch((error) => log.error({ err: error }, "a node's worker did not stop"));
      }
      for (const { id, name, agentUrl } of nodes) {
        if (workers.has(id)) continue;
        log.info({ node: name, agentUrl }, "following a node");
        const client = createAgentClient({ url: agentUrl, tls });
        const lease = new Lease(`node:${id}`, holder);
        workers.set(id, {
          agentUrl,
          worker: startNodeWorker({ ...options, node: { id, name }, client, wanted, lease }),
        });
      }
      teller.recovered();
      return LIST_EVERY_MS;
    },
    onError: (error) => teller.failed(error),
  });

  return {
    wake() {
      for (const { worker } of workers.values()) worker.wake();
    },
    async stop() {
      await Promise.all([loop.stop(), ...[...workers.values()].map(({ worker }) => worker.stop())]);
    },
  };
}
