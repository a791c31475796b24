import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { FAILURES, type FailureKind } from "../net/failures.ts";
import { ignoreFromNowOn } from "../net/stage.ts";
import type { Refused } from "../replica/admission.ts";
import { formatHead, type RawHeaders } from "./headers.ts";

/** Bytes the client is still sending are read and dropped this long, so that it can read our answer first. */
const LINGER_MS = 2_000;

/** An answer of the proxy itself: a status and a sentence for people. */
export type Answer = { status: number; text: string; headers: RawHeaders };

const INACTIVE = {
  disabled: "Your account is switched off. Ask its operator.",
  limited: "Your account has used all of its traffic. Ask its operator, or wait for the next period.",
  expired: "Your account has expired. Ask its operator to extend it.",
  on_hold: "Your account is on hold and not active yet. Ask its operator.",
} as const;

export function failureAnswer(kind: FailureKind): Answer {
  const { http, text, proxyStatus } = FAILURES[kind];
  const headers = ["Proxy-Status", `causeway; error=${proxyStatus}`];
  return {
    status: http,
    text,
    headers: http === 503 || http === 429 ? [...headers, "Retry-After", "2"] : headers,
  };
}

export function refusalAnswer(refused: Refused | { kind: "no-credentials" }): Answer {
  switch (refused.kind) {
    case "no-credentials":
      return challenge("This proxy needs your name and proxy password.");
    case "wrong-password":
      return challenge("Name or proxy password is wrong. Copy both from your page in the panel.");
    case "throttled":
      return {
        status: 429,
        text: `Too many wrong passwords for this name or from your address. Wait ${refused.retryAfterSeconds} s.`,
        headers: [
          "Retry-After",
          String(refused.retryAfterSeconds),
          "Proxy-Status",
          "causeway; error=http_request_denied",
        ],
      };
    case "inactive":
      return {
        status: 403,
        text: INACTIVE[refused.status],
        headers: ["Proxy-Status", "causeway; error=http_request_denied"],
      };
    case "unavailable":
      return {
        status: 503,
        text: "The proxy is starting and does not know its users yet. Try again in a few seconds.",
        headers: ["Retry-After", "2", "Proxy-Status", "causeway; error=proxy_internal_error"],
      };
  }
}

export function badRequest(text: string): Answer {
  return { status: 400, text, headers: ["Proxy-Status", "causeway; error=http_request_error"] };
}

function challenge(text: string): Answer {
  return { status: 407, text, headers: ["Proxy-Authenticate", 'Basic realm="Causeway", charset="UTF-8"'] };
}

/** Through node:http. A request with a body is not read to its end: the connection closes instead. */
export function respond(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const hasBody =
    request.headers["content-length"] !== undefined || request.headers["transfer-encoding"] !== undefined;
  const body = Buffer.from(`${answer.text}\n`);
  response.writeHead(answer.status, [
    ...answer.headers,
    ...bodyHeaders(body),
    ...(hasBody ? ["Connection", "close"] : []),
  ]);
  response.end(body);
}

/** On a bare socket (CONNECT, Upgrade): answers and closes, as RFC 9931 asks of a refused CONNECT. */
export function respondAndClose(socket: Socket, answer: Answer): void {
  ignoreFromNowOn(socket);
  if (socket.destroyed) return;
  socket.on("error", () => socket.destroy());
  socket.end(formatAnswer(answer, { isLast: true, hasBody: true }));
  linger(socket);
}

/** As bytes for a bare socket. */
export function formatAnswer(answer: Answer, options: { isLast: boolean; hasBody: boolean }): Buffer {
  const body = Buffer.from(`${answer.text}\n`);
  const headers = [
    ...answer.headers,
    ...bodyHeaders(body),
    ...(options.isLast ? ["Connection", "close"] : []),
  ];
  const head = Buffer.from(formatHead(answer.status, undefined, headers), "latin1");
  return options.hasBody ? Buffer.concat([head, body]) : head;
}

/** Reads and drops until the client closes; a close with unread bytes would reset our answer away. */
export function linger(socket: Socket): void {
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once("close", () => clearTimeout(timer));
}

function bodyHeaders(body: Buffer): RawHeaders {
  return [
    "Content-Type",
    "text/plain; charset=utf-8",
    "Content-Length",
    String(body.length),
    "Cache-Control",
    "no-store",
  ];
}
