import { Readable } from "node:stream";
import { Agent, request } from "undici";
import type { z } from "zod";
import {
  type AgentConnections,
  type AgentState,
  agentConnectionsSchema,
  agentStateSchema,
  type Delta,
  type EndedAgentConnection,
  endedAgentConnectionSchema,
  type UsageAck,
  type UsageJournal,
  usageJournalSchema,
} from "#lib/schemas/agent.ts";
import type { NodeSnapshot } from "#server/nodes/get-node-feed.ts";
import { traceHeaders, withChildSpan } from "#server/tracing.ts";
import { AgentError, describeUnreachable } from "./agent-error.ts";

export type AgentTls = { ca: string; cert: string; key: string };
export type AgentClient = ReturnType<typeof createAgentClient>;

type Call = { method: "GET" | "PUT" | "POST"; path: string; body?: string | Readable; timeoutMs: number };

/** One node agent (lib/schemas/agent.ts) over mutual TLS; every failure is an AgentError. */
export function createAgentClient(options: {
  url: string;
  tls: AgentTls;
  /** The name that its certificate must carry; left out: the address. */
  certificateName?: string | null;
}) {
  const base = options.url.replace(/\/$/, "");
  const { certificateName = null } = options;
  const dispatcher = new Agent({
    connect: {
      ...options.tls,
      timeout: 3_000,
      ...(certificateName === null ? {} : { servername: certificateName }),
    },
    // Sync and usage must not wait for each other.
    connections: 4,
    pipelining: 1,
    keepAliveTimeout: 30_000,
  });

  const send = (call: Call): Promise<string> =>
    withChildSpan(`${call.method} ${call.path}`, { "peer.service": "causeway-node-agent" }, () =>
      exchange(call),
    );

  async function exchange(call: Call): Promise<string> {
    const contentType = typeof call.body === "string" ? "application/json" : "application/x-ndjson";
    let status: number;
    let text: string;
    try {
      const response = await request(`${base}${call.path}`, {
        dispatcher,
        method: call.method,
        signal: AbortSignal.timeout(call.timeoutMs),
        headersTimeout: call.timeoutMs,
        bodyTimeout: call.timeoutMs,
        headers: { ...traceHeaders(), ...(call.body === undefined ? {} : { "content-type": contentType }) },
        ...(call.body === undefined ? {} : { body: call.body }),
      });
      status = response.statusCode;
      text = await response.body.text();
    } catch (cause) {
      throw describeUnreachable(base, cause);
    }
    if (status >= 200 && status < 300) return text;
    const detail = readDetail(text) ?? `it answered ${status} to ${call.method} ${call.path}.`;
    throw new AgentError(status === 409 ? "conflict" : "refused", `The node at ${base} refused: ${detail}`);
  }

  async function ask<T extends z.ZodType>(schema: T, call: Call): Promise<z.output<T>> {
    const text = await send(call);
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      const message = `The node at ${base} speaks another version of the protocol. Update controller and agent.`;
      throw new AgentError("bad-answer", message, cause);
    }
  }

  return {
    getState: (): Promise<AgentState> =>
      ask(agentStateSchema, { method: "GET", path: "/v1/state", timeoutMs: 5_000 }),
    putSnapshot: (snapshot: NodeSnapshot): Promise<AgentState> =>
      ask(agentStateSchema, {
        method: "PUT",
        path: "/v1/snapshot",
        body: Readable.from(toLines(snapshot)),
        timeoutMs: 60_000,
      }),
    postDelta: (delta: Delta): Promise<AgentState> =>
      ask(agentStateSchema, {
        method: "POST",
        path: "/v1/delta",
        body: JSON.stringify(delta),
        timeoutMs: 20_000,
      }),
    listUsage: (limit: number): Promise<UsageJournal> =>
      ask(usageJournalSchema, { method: "GET", path: `/v1/usage?limit=${limit}`, timeoutMs: 10_000 }),
    acknowledgeUsage: async (ack: UsageAck): Promise<void> => {
      await send({ method: "POST", path: "/v1/usage/ack", body: JSON.stringify(ack), timeoutMs: 5_000 });
    },
    /** While an operator waits. */
    listConnections: (query: { userId: string | null; limit: number }): Promise<AgentConnections> => {
      const user = query.userId === null ? "" : `user=${query.userId}&`;
      return ask(agentConnectionsSchema, {
        method: "GET",
        path: `/v1/connections?${user}limit=${query.limit}`,
        timeoutMs: 600,
      });
    },
    endConnection: (id: string): Promise<EndedAgentConnection> =>
      ask(endedAgentConnectionSchema, {
        method: "POST",
        path: "/v1/connections/end",
        body: JSON.stringify({ id }),
        timeoutMs: 600,
      }),
    close: (): Promise<void> => dispatcher.destroy(),
  };
}

const LINES_A_CHUNK = 500;

/** NDJSON in pieces, so that 100 000 users are never one string. */
function* toLines({ revision, inbounds, users }: NodeSnapshot): Generator<string> {
  yield `${JSON.stringify({ revision, inbounds, users: users.length })}\n`;
  for (let start = 0; start < users.length; start += LINES_A_CHUNK) {
    const lines = users.slice(start, start + LINES_A_CHUNK).map((user) => JSON.stringify(user));
    yield `${lines.join("\n")}\n`;
  }
}

function readDetail(text: string): string | null {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === "string" ? detail : null;
  } catch {
    return null;
  }
}
