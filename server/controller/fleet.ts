import type { Clock } from "#server/clock.ts";
import type { Context } from "#server/context.ts";
import type { Logger } from "#server/logger.ts";
import { type FleetNode, listFleet } from "#server/nodes/list-fleet.ts";
import { type SignAgent, signEnrolments } from "#server/nodes/sign-enrolments.ts";
import { type AgentClient, type AgentTls, createAgentClient } from "./agent-client.ts";
import type { ControllerMetrics } from "./controller-metrics.ts";
import { createErrorTeller } from "./error-teller.ts";
import { startFarewell } from "./farewell.ts";
import { Lease } from "./lease.ts";
import { type NodeWorker, startNodeWorker } from "./node-worker.ts";
import { runLoop } from "./run-loop.ts";
import { WantedDigest } from "./wanted-digest.ts";

const LIST_EVERY_MS = 2_000;

export type Fleet = {
  wake(): void;
  stop(): Promise<void>;
  /** Those that this controller follows now, and no other. */
  listLed(): Promise<{ name: string; client: AgentClient }[]>;
};

type Led = { name: string; client: AgentClient; lease: Lease };

/** Another place, another certificate, or taken out: another worker. */
const keyOf = ({ agentUrl, certificateName, removedAt }: FleetNode) =>
  `${agentUrl} ${certificateName} ${removedAt === null}`;

/** One worker for each node in the database: started, moved and stopped as nodes come, move and go. */
export function startFleet(options: {
  ctx: Context;
  holder: string;
  tls: AgentTls;
  metrics: ControllerMetrics;
  log: Logger;
  clock: Clock;
  /** Signs for machines that join; null: this controller has no key of the node CA. */
  sign?: SignAgent | null;
}): Fleet {
  const { ctx, holder, tls, log, sign = null } = options;
  const workers = new Map<string, { key: string; worker: NodeWorker; led?: Led }>();
  const wanted = new WantedDigest();
  const teller = createErrorTeller(log, "the list of nodes cannot be read");
  const signTeller = createErrorTeller(log, "machines that join get no certificate");

  /** Whoever wants to join must not keep the controller from those who have. */
  async function signWaiting(by: SignAgent): Promise<void> {
    try {
      for (const node of await signEnrolments({ ctx, sign: by })) log.info({ node }, "a node has joined");
      signTeller.recovered();
    } catch (error) {
      signTeller.failed(error);
    }
  }

  const loop = runLoop({
    async round() {
      if (sign !== null) await signWaiting(sign);
      const nodes = await listFleet();
      const listed = new Map(nodes.map((node) => [node.id, node]));
      for (const [id, { key, worker }] of workers) {
        const node = listed.get(id);
        if (node !== undefined && keyOf(node) === key) continue;
        workers.delete(id);
        worker.stop().catch((error) => log.error({ err: error }, "a node's worker did not stop"));
      }
      for (const node of nodes) {
        const { id, name, agentUrl, certificateName } = node;
        if (workers.has(id)) continue;
        const client = createAgentClient({ url: agentUrl, tls, certificateName });
        if (node.removedAt !== null) {
          workers.set(id, { key: keyOf(node), worker: startFarewell({ node, client, log }) });
          continue;
        }
        log.info({ node: name, agentUrl }, "following a node");
        const lease = new Lease(`node:${id}`, holder);
        workers.set(id, {
          key: keyOf(node),
          worker: startNodeWorker({ ...options, node: { id, name }, client, wanted, lease }),
          led: { name, client, lease },
        });
      }
      teller.recovered();
      return LIST_EVERY_MS;
    },
    onError: (error) => teller.failed(error),
  });

  return {
    async listLed() {
      const all = [...workers.values()].flatMap(({ led }) => led ?? []);
      const held = await Promise.all(all.map(({ lease }) => lease.isHeld(options.clock.now())));
      return all.filter((_node, index) => held[index]);
    },
    wake() {
      loop.wake();
      for (const { worker } of workers.values()) worker.wake();
    },
    async stop() {
      await Promise.all([loop.stop(), ...[...workers.values()].map(({ worker }) => worker.stop())]);
    },
  };
}
