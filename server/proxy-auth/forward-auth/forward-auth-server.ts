import { type IncomingHttpHeaders, type IncomingMessage, Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "#server/logger.ts";
import { continueTrace, isTracing, type TraceSpan } from "#server/tracing.ts";
import type { DoorsMetrics } from "../doors-metrics.ts";
import type { AddressList } from "../net/address-list.ts";
import type { Deadlines } from "../net/deadlines.ts";
import type { InternalApi } from "../replica/internal-api.ts";
import { readAudience } from "../upstream-token/audience.ts";
import type { UpstreamTokens } from "../upstream-token/upstream-tokens.ts";
import { answerDecision, answerHandoff, problem, requestIdOf } from "./answer.ts";
import { type CheckDesk, CheckFront } from "./check-front.ts";
import { type CheckedRequest, readCheckedRequest } from "./checked-request.ts";
import { type Decision, type DecisionSources, decide } from "./decide.ts";
import { type KnownAnswer, KnownVisitors } from "./known-visitors.ts";
import { finishSignIn, OWN_PATHS } from "./sign-in-handoff.ts";
import { tellRefusal } from "./tell-refusal.ts";

export type ServerOptions = {
  sources: DecisionSources;
  tokens: UpstreamTokens;
  api: Pick<InternalApi, "redeemHandoff">;
  panelUrl: string;
  isTrusted: AddressList;
  metrics: DoorsMetrics;
  registry: { readonly contentType: string; metrics(): Promise<string> };
  /** What is missing to do the job; empty = ready. */
  missing: () => Promise<string[]>;
  logger: Logger;
  deadlines: Deadlines;
  /** It ends soon, and keeps no connection. */
  isLeaving: () => boolean;
};

/** ForwardAuth for Traefik, with health and metrics beside it. Never routed by Traefik itself. */
export function createForwardAuthServer(
  options: ServerOptions,
  known = new KnownVisitors(options.sources),
): Server {
  const fronts = new Set<CheckFront>();
  const handedOver = new WeakSet<Socket>();
  const server = new ForwardAuthServer(fronts);
  const [readRequests] = server.listeners("connection") as ((socket: Socket) => void)[];
  server.removeAllListeners("connection");
  const desk: CheckDesk = {
    fronts,
    deadlines: options.deadlines,
    answerNow: (head, socket) => {
      if (options.isLeaving()) return null;
      return answerAtOnce(head.url, head.headers, socket, known, options)?.text ?? null;
    },
    answer: (request, response) => serve(request, response, known, options),
    handOver: (socket) => {
      handedOver.add(socket);
      readRequests?.call(server, socket);
      socket.resume();
    },
  };
  server.on("connection", (socket: Socket) => new CheckFront(socket, desk).start());
  server.on("request", (request, response) => {
    if (handedOver.has(request.socket)) response.shouldKeepAlive = false;
    serve(request, response, known, options);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status =
      error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    else socket.destroy();
  });
  return server;
}

/** Knows of its connections also while node:http does not. */
class ForwardAuthServer extends Server {
  readonly #fronts: Set<CheckFront>;

  constructor(fronts: Set<CheckFront>) {
    super({ maxHeaderSize: 128 * 1024, requestTimeout: 30_000 });
    this.#fronts = fronts;
    // Beyond the default of 1 000 Node drops headers without a word: whose is the client's choice.
    this.maxHeadersCount = 0;
  }

  override closeIdleConnections(): void {
    for (const front of this.#fronts) front.close(true);
    super.closeIdleConnections();
  }

  override closeAllConnections(): void {
    for (const front of this.#fronts) front.close(false);
    super.closeAllConnections();
  }
}

/** null: `serve` shall think about it. */
export function answerAtOnce(
  url: string | undefined,
  headers: IncomingHttpHeaders,
  socket: Socket,
  known: KnownVisitors,
  options: ServerOptions,
): KnownAnswer | null {
  const isTraced = isTracing() && !isUnsampled(headers.traceparent);
  return url !== "/forward-auth" || isTraced ? null : letIn(headers, socket, known, options);
}

export function serve(
  request: IncomingMessage,
  response: ServerResponse,
  known: KnownVisitors,
  options: ServerOptions,
): void {
  // A process that ends asks for no more on this connection: Traefik opens its next one elsewhere.
  if (options.isLeaving()) response.shouldKeepAlive = false;
  response.on("error", () => {});
  request.resume();
  const path = (request.url ?? "").split("?")[0];
  const work =
    path === "/forward-auth"
      ? traceCheck(request, response, known, options)
      : serveOwn(path ?? "", response, options);
  // Without an answer Traefik refuses; a rejection nobody hears would end everybody's tunnels.
  work.catch((error: unknown) => {
    options.logger.error({ err: error }, "a ForwardAuth request failed");
    response.destroy();
  });
}

/** Who was let in a moment ago by the same headers: in one turn, with the checks that can change the answer. */
function letIn(
  headers: IncomingHttpHeaders,
  socket: Socket,
  known: KnownVisitors,
  { isTrusted, metrics }: ServerOptions,
): KnownAnswer | null {
  if (!isTrusted(socket.remoteAddress ?? "")) return null;
  const stop = metrics.decisionSeconds.startTimer();
  const answer = known.find(headers);
  if (answer === null) return null;
  stop();
  metrics.decisions.inc({ outcome: "allow" });
  metrics.lookups.inc({ cache: "session", result: "hit" });
  return answer;
}

const isUnsampled = (traceparent: unknown): boolean =>
  typeof traceparent === "string" && traceparent.endsWith("-00");

const DONE = Promise.resolve();

/** Goes on with Traefik's trace: what was asked about, and the outcome. */
function traceCheck(
  request: IncomingMessage,
  response: ServerResponse,
  known: KnownVisitors,
  options: ServerOptions,
): Promise<void> {
  const { traceparent } = request.headers;
  const header = typeof traceparent === "string" ? traceparent : null;
  return continueTrace(header, "forward-auth", {}, (span) => {
    const { url, headers, socket } = request;
    const answer = url === "/forward-auth" ? letIn(headers, socket, known, options) : null;
    if (answer === null) return check(request, response, known, options, span);
    response.writeHead(200, answer.headers).end();
    span.setAttributes({ "causeway.decision": "allow", "causeway.cache": "hit" });
    return DONE;
  });
}

async function check(
  request: IncomingMessage,
  response: ServerResponse,
  known: KnownVisitors,
  options: ServerOptions,
  span: TraceSpan,
): Promise<void> {
  const { sources, panelUrl, metrics, logger, isTrusted } = options;
  if (!isTrusted(request.socket.remoteAddress ?? "")) {
    metrics.decisions.inc({ outcome: "untrusted" });
    return problem(response, 403, "FORBIDDEN", "Only the reverse proxy may ask here (TRUSTED_PROXIES).");
  }
  const checked = readCheckedRequest(request.headers);
  const audience = readAudience(request.url ?? "");
  if (!checked || audience === undefined) {
    metrics.decisions.inc({ outcome: "malformed" });
    response.setHeader("Cache-Control", "no-store");
    return problem(
      response,
      400,
      "INVALID_INPUT",
      "The request cannot be read: host, scheme or method is malformed.",
    );
  }
  if (checked.path.startsWith(OWN_PATHS) && checked.hostname !== sources.panelHostname) {
    metrics.decisions.inc({ outcome: "handoff" });
    return finish(request, response, checked, options);
  }
  const stop = metrics.decisionSeconds.startTimer();
  let decision: Decision;
  try {
    decision = await decide(request.headers, checked, sources);
  } catch (error) {
    logger.error({ err: error }, "a ForwardAuth decision failed");
    decision = { kind: "unavailable" };
  }
  if (decision.kind === "allow" && audience === null)
    known.remember(request.headers, checked.hostname, decision);
  let jwt: string | null = null;
  if (audience !== null && decision.kind === "allow") {
    jwt = await options.tokens.tokenFor({ ...decision, audience }).catch(() => null);
    // Without it the upstream would ask for a password that nobody has.
    if (jwt === null) decision = { kind: "unavailable" };
  }
  stop();
  metrics.decisions.inc({ outcome: decision.kind });
  const isRefused = decision.kind !== "allow" && decision.kind !== "public";
  const requestId = isRefused ? requestIdOf(response) : null;
  if (requestId !== null) tellRefusal(logger, decision, requestId);
  if (span.isRecording()) {
    span.setAttributes({ "causeway.decision": decision.kind, "server.address": checked.hostname });
    if (decision.kind === "forbidden") span.setAttribute("causeway.reason", decision.reason);
    if (requestId !== null) span.setAttribute("causeway.request_id", requestId);
  }
  answerDecision(decision, { request, response, checked, panelUrl, jwt });
}

/** A browser is back from the panel's login. */
async function finish(
  request: IncomingMessage,
  response: ServerResponse,
  checked: CheckedRequest,
  { api, panelUrl, logger }: ServerOptions,
): Promise<void> {
  try {
    answerHandoff(await finishSignIn(request, checked, api), response, panelUrl);
  } catch (error) {
    logger.warn({ err: error }, "a sign-in could not be handed on");
    answerDecision({ kind: "unavailable" }, { request, response, checked, panelUrl, jwt: null });
  }
}

async function serveOwn(path: string, response: ServerResponse, options: ServerOptions): Promise<void> {
  const json = (status: number, body: unknown) => {
    response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
    response.end(JSON.stringify(body));
  };
  if (path === "/healthz")
    return options.isLeaving() ? json(503, { isAlive: true, isLeaving: true }) : json(200, { isAlive: true });
  if (path === "/readyz") {
    const missing = await options.missing();
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
