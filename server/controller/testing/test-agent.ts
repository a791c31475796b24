import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type AgentInbound,
  type AgentState,
  type AgentUser,
  agentUserSchema,
  deltaSchema,
  snapshotHeaderSchema,
  type UsageJournal,
  usageAckSchema,
} from "#lib/schemas/agent.ts";
import { digestUsers } from "#lib/user-digest.ts";

export type TestAgent = Awaited<ReturnType<typeof startTestAgent>>;

/** The agent's side of lib/schemas/agent.ts over real mutual TLS, without an Xray, and with faults on demand. */
export async function startTestAgent(tls: { ca: string; cert: string; key: string }) {
  const users = new Map<string, AgentUser>();
  const agent = {
    boot: randomUUID(),
    revision: 0,
    users,
    inbounds: [] as AgentInbound[],
    journal: { journalId: randomUUID(), batches: [] } as UsageJournal,
    acks: [] as { seq: number; totals: { userId: string; usedBytes: number }[] }[],
    /** Requests in order, like "PUT /v1/snapshot". */
    requests: [] as string[],
    delayMs: 0,
    /** Acknowledgements to lose: the connection breaks before the agent has heard them. */
    acksToLose: 0,
    url: "",
    close: async () => {},
  };
  const state = (): AgentState => ({
    boot: agent.boot,
    revision: agent.revision,
    usersDigest: digestUsers(users.values()),
    users: users.size,
    xray: { isUp: true, pid: 1, version: "26.7.28" },
    canCutLive: true,
    driftHealed: 0,
    journalLength: agent.journal.batches.length,
  });

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown } | null> {
    const text = await readText(request);
    const path = (request.url ?? "").split("?")[0];
    agent.requests.push(`${request.method} ${path}`);
    if (agent.delayMs > 0) await sleep(agent.delayMs);
    switch (`${request.method} ${path}`) {
      case "GET /v1/state":
        return { status: 200, body: state() };
      case "PUT /v1/snapshot": {
        const [first = "", ...rest] = text.split("\n").filter((line) => line !== "");
        const header = snapshotHeaderSchema.parse(JSON.parse(first));
        users.clear();
        for (const line of rest) {
          const user = agentUserSchema.parse(JSON.parse(line));
          users.set(user.id, user);
        }
        if (users.size !== header.users) return { status: 422, body: { detail: "wrong count" } };
        agent.revision = header.revision;
        agent.inbounds = header.inbounds;
        return { status: 200, body: state() };
      }
      case "POST /v1/delta": {
        const delta = deltaSchema.parse(JSON.parse(text));
        if (delta.from !== agent.revision) return { status: 409, body: { detail: "another revision" } };
        for (const user of delta.upsert) users.set(user.id, user);
        for (const id of delta.remove) users.delete(id);
        agent.revision = delta.to;
        return { status: 200, body: state() };
      }
      case "GET /v1/usage":
        return { status: 200, body: agent.journal };
      case "POST /v1/usage/ack": {
        if (agent.acksToLose > 0) {
          agent.acksToLose -= 1;
          return null;
        }
        const ack = usageAckSchema.parse(JSON.parse(text));
        agent.journal.batches = agent.journal.batches.filter((batch) => batch.seq > ack.seq);
        agent.acks.push({ seq: ack.seq, totals: ack.totals });
        return { status: 204, body: undefined };
      }
      default:
        return { status: 404, body: { detail: "no such route" } };
    }
  }

  const server = createServer(
    { ...tls, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      answer(request).then(
        (result) => {
          if (result === null) return request.socket.destroy();
          response.writeHead(result.status, { "content-type": "application/json" });
          response.end(result.body === undefined ? undefined : JSON.stringify(result.body));
        },
        () => request.socket.destroy(),
      );
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  agent.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  agent.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return agent;
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
