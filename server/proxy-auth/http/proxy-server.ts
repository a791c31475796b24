import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Doors } from "../doors.ts";
import { clientOf, createProxyListener, rememberClient } from "../net/proxy-listener.ts";
import { badRequest, respondAndClose } from "./answers.ts";
import { connectTo } from "./connect.ts";
import { handleForward } from "./forward.ts";
import { type FrontDesk, HttpFront } from "./http-front.ts";
import { OriginAgent } from "./origin-agent.ts";
import { OriginPool } from "./origin-pool.ts";
import { handleUpgrade } from "./upgrade.ts";

const MAX_HEADER_BYTES = 64 * 1024;
const CHECK_EVERY_MS = 5_000;
const KEEP_ALIVE_MS = 75_000;

/** `endWaiting`: connections between two requests are closed, others behind their answer. */
export type HttpProxy = { server: Server; endWaiting: () => void; close: () => void };

/**
 * The HTTP proxy behind Traefik's :8888: CONNECT and absolute-form requests. The PROXY header comes off first, then
 * HttpFront takes what it can; all else is read by node:http's strict parser (no CL+TE, obs-fold, bare CR).
 */
export function createHttpProxy(doors: Doors): HttpProxy {
  const agent = new OriginAgent(doors.dial);
  const desk: FrontDesk = { pool: new OriginPool(doors.deadlines), waiting: new Set(), isClosing: false };
  const { headMs } = doors.deadlines.timeouts;
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headMs,
    // An upload takes as long as it takes; silence is limited by the exchange.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, headMs),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === "websocket",
  });
  server.maxRequestsPerSocket = 0;
  const readRequests = server.listeners("connection") as ((socket: Socket) => void)[];
  server.removeAllListeners("connection");
  const listen = createProxyListener({
    isTrusted: doors.isTrusted,
    deadlines: doors.deadlines,
    logger: doors.logger,
    onRefused: (reason) => doors.metrics.refused.inc({ door: "http", reason }),
    onClient: (socket, client, early) => {
      const handOver = (ready: Socket) => {
        rememberClient(ready, client);
        for (const read of readRequests) read.call(server, ready);
        ready.resume();
      };
      new HttpFront({ socket, client, doors, desk, handOver }).start(early);
    },
  });
  server.on("connection", listen);

  const run = (request: IncomingMessage, response: ServerResponse) => {
    handleForward({ request, response, doors, agent }).catch((error: unknown) => {
      doors.logger.error({ err: error }, "a proxied request failed");
      response.destroy();
    });
  };
  server.on("request", run);
  server.on("checkContinue", run);
  server.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // Behind an earlier request on the same connection.
    const { url = "", headers } = request;
    const authorization = headers["proxy-authorization"];
    socket.pause();
    connectTo({
      head: { authority: url, authorization },
      socket,
      client: clientOf(socket),
      early: head,
      doors,
    });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    handleUpgrade({ request, socket, head, doors, agent }).catch((error: unknown) => {
      doors.logger.error({ err: error }, "an upgrade failed");
      socket.destroy();
    });
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) return socket.destroy();
    doors.metrics.refused.inc({ door: "http", reason: "bad-request" });
    respondAndClose(socket, clientErrorAnswer(error.code));
  });
  const endWaiting = () => {
    desk.isClosing = true;
    for (const front of [...desk.waiting]) front.closeIdle();
  };
  const close = () => {
    endWaiting();
    agent.destroy();
    desk.pool.close();
  };
  return { server, endWaiting, close };
}

function clientErrorAnswer(code: string | undefined) {
  if (code === "HPE_HEADER_OVERFLOW")
    return { ...badRequest("The request's headers are too large."), status: 431 };
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return { ...badRequest("The request did not arrive in time."), status: 408 };
  return badRequest("This is no valid HTTP request.");
}
