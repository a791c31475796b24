import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "#server/logger.ts";
import type { Registry } from "#server/metrics.ts";
import type { DoorsMetrics } from "../doors-metrics.ts";
import type { AddressList } from "../net/address-list.ts";
import { answerDecision, problem } from "./answer.ts";
import { readCheckedRequest } from "./checked-request.ts";
import { type Decision, type DecisionSources, decide } from "./decide.ts";

type ServerOptions = {
  sources: DecisionSources;
  panelUrl: string;
  isTrusted: AddressList;
  metrics: DoorsMetrics;
  registry: Registry;
  /** What is missing to do the job; empty = ready. */
  missing: () => string[];
  logger: Logger;
};

/** ForwardAuth for Traefik, with health and metrics beside it. Never routed by Traefik itself. */
export function createForwardAuthServer(options: ServerOptions): Server {
  const server = createServer({ maxHeaderSize: 128 * 1024, requestTimeout: 30_000 }, (request, response) => {
    response.on("error", () => {});
    request.resume();
    const path = (request.url ?? "").split("?")[0];
    const work =
      path === "/forward-auth" ? check(request, response, options) : serveOwn(path ?? "", response, options);
    // Without an answer Traefik refuses; a rejection nobody hears would end everybody's tunnels.
    work.catch((error: unknown) => {
      options.logger.error({ err: error }, "a ForwardAuth request failed");
      response.destroy();
    });
  });
  // Longer than Traefik's 90 s, so that it never reuses a connection that is just closing.
  server.keepAliveTimeout = 100_000;
  server.on("clientError", (_error, socket) => {
    if (socket.writable)
      socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    else socket.destroy();
  });
  return server;
}

async function check(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  const { sources, panelUrl, metrics, logger, isTrusted } = options;
  if (!isTrusted(request.socket.remoteAddress ?? "")) {
    metrics.decisions.inc({ outcome: "untrusted" });
    return problem(response, 403, "FORBIDDEN", "Only the reverse proxy may ask here (TRUSTED_PROXIES).");
  }
  const checked = readCheckedRequest(request.headers);
  if (!checked) {
    metrics.decisions.inc({ outcome: "malformed" });
    response.setHeader("Cache-Control", "no-store");
    return problem(
      response,
      400,
      "INVALID_INPUT",
      "The request cannot be read: host, scheme or method is malformed.",
    );
  }
  const stop = metrics.decisionSeconds.startTimer();
  let decision: Decision;
  try {
    decision = await decide(request.headers, checked, sources);
  } catch (error) {
    logger.error({ err: error }, "a ForwardAuth decision failed");
    decision = { kind: "unavailable" };
  }
  stop();
  metrics.decisions.inc({ outcome: decision.kind });
  answerDecision(decision, { request, response, checked, panelUrl });
}

async function serveOwn(path: string, response: ServerResponse, options: ServerOptions): Promise<void> {
  const json = (status: number, body: unknown) => {
    response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
    response.end(JSON.stringify(body));
  };
  if (path === "/healthz") return json(200, { isAlive: true });
  if (path === "/readyz") {
    const missing = options.missing();
    return missing.length === 0 ? json(200, { isReady: true }) : json(503, { isReady: false, missing });
  }
  if (path === "/metrics") {
    const text = await options.registry.metrics();
    response.writeHead(200, { "Content-Type": options.registry.contentType });
    response.end(text);
    return;
  }
  problem(response, 404, "NOT_FOUND", "There is nothing here.");
}
