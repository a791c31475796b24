import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { StringDecoder } from "node:string_decoder";
import type { TLSSocket } from "node:tls";
import { z } from "zod";
import {
  type AgentUser,
  agentConnectionsQuerySchema,
  agentUserSchema,
  deltaSchema,
  endAgentConnectionSchema,
  snapshotHeaderSchema,
  usageAckSchema,
} from "#lib/schemas/agent.ts";
import { AppError, type ErrorCode, forbidden, invalidInput, notFound } from "#server/errors.ts";
import { limitRepeats } from "#server/log-files/limit-repeats.ts";
import type { Logger } from "#server/logger.ts";
import { continueTrace } from "#server/tracing.ts";
import type { Agent } from "./agent.ts";
import type { NodeState } from "./state-store.ts";

/** 100 000 users are about 20 MB. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;
const CONTROLLER = "DNS:controller";

const STATUS = {
  INVALID_INPUT: 422,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  GONE: 410,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA: 415,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
} satisfies Record<ErrorCode, number>;

/** The controller's door (lib/schemas/agent.ts): TLS with the node CA on both sides. */
export function createAgentServer(options: {
  agent: Agent;
  log: Logger;
  tls: { ca: string; cert: string; key: string };
}): Server {
  const { agent, log, tls } = options;
  const settings = { ...tls, requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.2" as const };
  const server = createServer(settings, (request, response) => {
    traceAnswer(agent, request)
      .then((body) => send(response, body === undefined ? 204 : 200, body))
      .catch((error: unknown) => {
        const known = error instanceof AppError ? error : new AppError("INTERNAL", "The node agent failed.");
        if (known.code === "INTERNAL") log.error({ err: error, url: request.url }, "request failed");
        else log.warn({ code: known.code, url: request.url, reason: known.message }, "request refused");
        send(response, STATUS[known.code], { code: known.code, detail: known.message });
      });
  });
  const strangers = limitRepeats(log);
  server.on("tlsClientError", (error) =>
    strangers.log("warn", "", { reason: error.message }, "a TLS client was refused"),
  );
  return server;
}

/** Goes on with the trace of the change that the controller sends; its polling has none. */
function traceAnswer(agent: Agent, request: IncomingMessage): Promise<unknown> {
  const { traceparent } = request.headers;
  if (typeof traceparent !== "string") return answer(agent, request);
  const name = `${request.method} ${(request.url ?? "").split("?")[0]}`;
  return continueTrace(traceparent, name, {}, () => answer(agent, request));
}

async function answer(agent: Agent, request: IncomingMessage): Promise<unknown> {
  const names = (request.socket as TLSSocket).getPeerCertificate().subjectaltname?.split(", ") ?? [];
  if (!names.includes(CONTROLLER)) throw forbidden("Only the controller may talk to this agent.");
  const url = new URL(request.url ?? "/", "https://agent");
  switch (`${request.method} ${url.pathname}`) {
    case "GET /v1/state":
      return agent.getState();
    case "PUT /v1/snapshot":
      await agent.applySnapshot(await readSnapshot(request));
      return agent.getState();
    case "POST /v1/delta":
      await agent.applyDelta(parse(deltaSchema, await readBody(request)));
      return agent.getState();
    case "GET /v1/usage": {
      const limit = z.coerce
        .number()
        .int()
        .min(1)
        .max(1000)
        .catch(100)
        .parse(url.searchParams.get("limit") ?? 100);
      return agent.listUsage(limit);
    }
    case "POST /v1/usage/ack":
      agent.acknowledgeUsage(parse(usageAckSchema, await readBody(request)));
      return undefined;
    case "GET /v1/connections":
      return agent.listConnections(parse(agentConnectionsQuerySchema, JSON.stringify(query(url))));
    case "POST /v1/connections/end":
      return agent.endConnection(parse(endAgentConnectionSchema, await readBody(request)).id);
    default:
      throw notFound("route", `${request.method} ${url.pathname}`);
  }
}

const query = (url: URL) => Object.fromEntries(url.searchParams);

/** Line by line as it comes, so that nobody else waits while 100 000 users are parsed. */
async function readSnapshot(request: IncomingMessage): Promise<NodeState> {
  let header: z.output<typeof snapshotHeaderSchema> | null = null;
  const users = new Map<string, AgentUser>();
  for await (const line of readLines(request)) {
    if (header === null) header = parse(snapshotHeaderSchema, line);
    else {
      const user = parse(agentUserSchema, line);
      users.set(user.id, user);
    }
  }
  if (header === null) throw invalidInput("The snapshot is empty.");
  if (users.size !== header.users) {
    throw invalidInput(`The snapshot names ${header.users} users and holds ${users.size}.`);
  }
  return { revision: header.revision, inbounds: header.inbounds, users };
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidInput("The body is not JSON.");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidInput(
    "The body does not have the agreed shape.",
    parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readChunks(request)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function* readLines(request: IncomingMessage): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of readChunks(request)) {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
  if (rest !== "") yield rest;
}

async function* readChunks(request: IncomingMessage): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new AppError("TOO_LARGE", "The body is larger than 256 MB.");
    yield chunk;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (body === undefined) return void response.writeHead(status).end();
  const text = JSON.stringify(body);
  response
    .writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
    .end(text);
}
