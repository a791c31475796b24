import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { Transform } from "node:stream";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import type { Doors } from "../doors.ts";
import type { Slot } from "../limits/slot.ts";
import { throttle } from "../limits/throttle.ts";
import { DialError, failureOf } from "../net/failures.ts";
import { clientOf } from "../net/proxy-listener.ts";
import type { ClientAddress } from "../net/proxy-protocol.ts";
import { resetSocket } from "../net/reset-socket.ts";
import type { Admitted } from "../replica/admission.ts";
import type { Account } from "../usage/account.ts";
import { badRequest, failureAnswer, refusalAnswer, respond } from "./answers.ts";
import { parseBasic } from "./credentials.ts";
import { Exchange } from "./exchange.ts";
import { endToEndHeaders, hasOurVia, type RawHeaders } from "./headers.ts";
import type { AbortDial, OriginAgent, OriginRequestOptions } from "./origin-agent.ts";
import { type ForwardTarget, parseForwardTarget } from "./request-target.ts";

type ForwardOptions = {
  request: IncomingMessage;
  response: ServerResponse;
  doors: Doors;
  agent: OriginAgent;
};

const REPEATABLE = new Set(["GET", "HEAD", "OPTIONS", "PROPFIND", "QUERY", "TRACE"]);

/** An absolute-form request (RFC 9112 §3.2.2): checked, rewritten to origin-form, metered, answered. */
export async function handleForward(options: ForwardOptions): Promise<void> {
  const { request, response, doors } = options;
  let who: Account | null = null;
  const refuse = (reason: string, answer: Parameters<typeof respond>[2]) => {
    doors.metrics.refused.inc({ door: "http", reason });
    who?.refused("http", reason);
    respond(request, response, answer);
  };
  response.on("error", () => {});
  const target = parseForwardTarget(request.url ?? "");
  if (typeof target === "string") return refuse("bad-target", badRequest(target));
  const credentials = parseBasic(request.headers["proxy-authorization"]);
  if (!credentials) return refuse("no-credentials", refusalAnswer({ kind: "no-credentials" }));
  const client = clientOf(request.socket);
  const admitted = await doors.admission.admit(credentials, client.address, "http");
  if (admitted.kind !== "admitted") return respond(request, response, refusalAnswer(admitted));
  who = admitted.account;
  if (hasOurVia(request.rawHeaders))
    return refuse("loop", { ...badRequest("This request has come round in a loop."), status: 508 });
  const { slot, refused } = await doors.limits.enter(admitted.account, client.address, "http");
  if (slot === null) return refuse(refused, failureAnswer(refused));
  if (response.destroyed) return slot.release();
  doors.visited(admitted.user.id, "http", target);
  carry({ ...options, target, admitted, client, slot, mayRetry: true });
}

type CarryOptions = ForwardOptions & {
  target: ForwardTarget;
  admitted: Admitted;
  client: ClientAddress;
  slot: Slot;
  /** A kept connection may turn out to be closed already. */
  mayRetry: boolean;
};

/** Sends the request on and the answer back. */
function carry(options: CarryOptions): void {
  const { request, response, doors, agent, target, admitted, client, slot, mayRetry } = options;
  const { pace } = admitted.account;
  const abortDial: AbortDial = { run: null };
  const hasBody =
    request.headers["content-length"] !== undefined || request.headers["transfer-encoding"] !== undefined;
  const upstream = httpRequest(
    originRequest({ request, target, agent, user: admitted.user, doors, abortDial }),
  );
  const exchange = new Exchange({
    account: admitted.account,
    accounts: doors.accounts,
    clock: doors.clock,
    timeouts: doors.deadlines.timeouts,
    ip: client.address,
    target,
    onCut: (reason) => {
      if (reason === "idle" && !response.headersSent) respond(request, response, failureAnswer("timeout"));
      else resetSocket(request.socket);
      upstream.destroy();
    },
  });
  doors.metrics.begin("http");
  let isClosed = false;
  const close = (isRetried = false) => {
    if (isClosed) return;
    isClosed = true;
    abortDial.run?.();
    response.off("close", onClientGone);
    exchange.end();
    doors.metrics.end("http");
    if (!isRetried) slot.release();
  };
  const onClientGone = () => {
    if (!response.writableFinished) upstream.destroy();
    abortDial.run?.();
  };
  response.on("close", onClientGone);
  upstream.on("socket", (socket) => exchange.begin(socket));
  upstream.on("close", () => close());
  upstream.on("continue", () => response.writeContinue());
  upstream.on("information", ({ statusCode, headers }) => {
    if (statusCode === 102) response.writeProcessing();
    else if (statusCode === 103 && headers.link) passHints(response, headers.link);
  });
  upstream.on("response", (answer) =>
    sendBack(answer, response, upstream, pace && throttle(pace, "down", exchange)),
  );
  // Nobody asked for it here, and node:http has let go of the socket: no error will follow.
  upstream.on("upgrade", (_answer, origin) => {
    origin.destroy();
    close();
    respond(request, response, failureAnswer("bad-answer"));
  });
  upstream.on("error", (error) => {
    const kind = failureOf(error);
    const isStale =
      mayRetry &&
      upstream.reusedSocket &&
      kind === "terminated" &&
      !hasBody &&
      !(response.headersSent || response.destroyed) &&
      REPEATABLE.has(request.method ?? "");
    close(isStale);
    if (isStale) return carry({ ...options, mayRetry: false });
    if (response.destroyed || kind === "aborted") return;
    if (response.headersSent) return response.destroy();
    doors.metrics.refused.inc({ door: "http", reason: kind });
    admitted.account.refused("http", kind);
    respond(request, response, failureAnswer(kind));
  });
  if (!hasBody) {
    upstream.end();
    return;
  }
  if (request.headers.expect) upstream.flushHeaders();
  request.on("end", () => addTrailers(upstream, request.rawTrailers));
  request.on("error", () => upstream.destroy());
  if (pace) request.pipe(throttle(pace, "up", exchange)).pipe(upstream);
  else request.pipe(upstream);
}

/** The answer as the origin gave it, less what was meant for us alone. What node:http cannot write is no answer. */
export function sendBack(
  answer: IncomingMessage,
  response: ServerResponse,
  upstream: ClientRequest,
  throttled: Transform | null = null,
): void {
  const headers = endToEndHeaders(answer.rawHeaders, { httpVersion: answer.httpVersion });
  response.sendDate = false;
  try {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
  } catch (cause) {
    response.statusMessage = "";
    answer.on("error", () => {});
    upstream.destroy(new DialError("bad-answer", cause));
    return;
  }
  answer.on("end", () => addTrailers(response, answer.rawTrailers));
  // The origin broke off: a clean end would pass a part for the whole.
  answer.on("error", () => response.destroy());
  answer.on("close", () => {
    if (!answer.complete) response.destroy();
  });
  if (throttled) answer.pipe(throttled).pipe(response);
  else answer.pipe(response);
}

/** Hints are optional: those that node:http does not take for links are left out. */
function passHints(response: ServerResponse, link: string | string[]): void {
  try {
    response.writeEarlyHints({ link });
  } catch {}
}

type OriginRequest = {
  request: IncomingMessage;
  target: ForwardTarget;
  agent: OriginAgent;
  user: ReplicaUser;
  doors: Doors;
  abortDial: AbortDial;
};

export function originRequest({
  request,
  target,
  agent,
  user,
  doors,
  abortDial,
}: OriginRequest): OriginRequestOptions {
  const headers: RawHeaders = ["Host", target.authority];
  headers.push(...endToEndHeaders(request.rawHeaders, { httpVersion: request.httpVersion, drop: ["host"] }));
  if (request.headers["transfer-encoding"] !== undefined) headers.push("Transfer-Encoding", "chunked");
  else if (request.headers["content-length"] === undefined && !REPEATABLE.has(request.method ?? "")) {
    headers.push("Content-Length", "0");
  }
  return {
    agent,
    host: target.host,
    port: target.port,
    method: request.method ?? "GET",
    path: target.path,
    headers,
    setHost: false,
    userId: user.id,
    rules: doors.rulesOf(user),
    abortDial,
  };
}

function addTrailers(
  message: { addTrailers(pairs: [string, string][]): void },
  raw: readonly string[],
): void {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] ?? "", raw[i + 1] ?? ""]);
  if (pairs.length > 0) message.addTrailers(pairs);
}
