import type { Logger } from "#server/logger.ts";
import { type FleetNode, forgetNode } from "#server/nodes/list-fleet.ts";
import type { AgentClient } from "./agent-client.ts";
import { drainUsage } from "./drain-usage.ts";
import { createErrorTeller } from "./error-teller.ts";
import type { NodeWorker } from "./node-worker.ts";
import { runLoop } from "./run-loop.ts";

/** How long a node that was taken out, and cannot be reached, is still tried. */
const TRY_FOR_MS = 24 * 3_600_000;
const UNTIL_STOPPED_MS = 60_000;
/** Any but 0, which would mean that the agent has not been told anything yet. */
const EMPTY_REVISION = 1;

/** Empties a node that was taken out: its Xray ends, its last usage is fetched, the row goes. */
export function startFarewell(options: { node: FleetNode; client: AgentClient; log: Logger }): NodeWorker {
  const { node, client } = options;
  const log = options.log.child({ node: node.id });
  const teller = createErrorTeller(log, "a node that was taken out cannot be emptied");
  const loop = runLoop({
    async round() {
      await client.putSnapshot({ revision: EMPTY_REVISION, inbounds: [], users: [] });
      while ((await drainUsage({ nodeId: node.id, client })).isMore);
      await forgetNode({ nodeId: node.id });
      log.info("a node was taken out: it is empty");
      return UNTIL_STOPPED_MS;
    },
    async onError(error) {
      teller.failed(error);
      if (Date.now() - (node.removedAt?.getTime() ?? 0) > TRY_FOR_MS) await forgetNode({ nodeId: node.id });
    },
  });
  return {
    wake: () => loop.wake(),
    async stop() {
      const stopped = loop.stop();
      await client.close();
      await stopped;
    },
  };
}
