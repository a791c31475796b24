import type { Redis } from "ioredis";
import { type DoorsAnswer, type DoorsQuestion, NODES_CHANNEL } from "#lib/schemas/connection.ts";
import { answerPanel } from "#server/answer-panel.ts";
import type { Logger } from "#server/logger.ts";
import type { AgentClient } from "./agent-client.ts";

type Node = { name: string; client: Pick<AgentClient, "listConnections" | "endConnection"> };
type Options = {
  redis: Redis;
  subscriber: Redis;
  /** This controller, among those that answer. */
  holder: string;
  /** Those that this controller follows now. */
  listNodes: () => Promise<Node[]>;
  log: Logger;
};

/** Answers what the panel asks about live VPN connections: only the controller may talk to node agents. */
export function answerConnections(options: Options): void {
  const { redis, subscriber, holder, log } = options;
  const answer = (question: DoorsQuestion) => askNodes(question, options);
  answerPanel({ redis, subscriber, channel: NODES_CHANNEL, process: holder, answer, logger: log });
}

async function askNodes(question: DoorsQuestion, { listNodes, log }: Options): Promise<DoorsAnswer> {
  const nodes = await listNodes();
  const asked = await Promise.allSettled(nodes.map(({ client }) => askNode(question, client)));
  const answers = asked.flatMap((result, index) => {
    if (result.status === "fulfilled") return [result.value];
    log.debug({ err: result.reason, node: nodes[index]?.name }, "a node did not say who is connected");
    return [];
  });
  const connections = answers.flatMap((answer) => answer.connections).toSorted((a, b) => b.since - a.since);
  const whyNot = answers.find((answer) => answer.whyNot !== undefined)?.whyNot;
  return {
    open: answers.reduce((sum, { open }) => sum + open, 0),
    ended: answers.reduce((sum, { ended }) => sum + ended, 0),
    connections: question.kind === "list" ? connections.slice(0, question.limit) : [],
    isComplete: answers.length === nodes.length,
    ...(whyNot === undefined ? {} : { whyNot }),
  };
}

async function askNode(question: DoorsQuestion, client: Node["client"]): Promise<DoorsAnswer> {
  if (question.kind === "end") {
    const { ended, whyNot } = await client.endConnection(question.connectionId);
    return { open: 0, ended, connections: [], ...(whyNot === null ? {} : { whyNot }) };
  }
  const { open, items } = await client.listConnections(question);
  return {
    open,
    ended: 0,
    connections: items.map(({ id, userId, ip, since }) => ({
      id,
      userId,
      ip,
      since,
      door: "vpn",
      // The node keeps no destinations, and Xray counts by user, not by connection.
      target: null,
      upBytes: null,
      downBytes: null,
    })),
  };
}
