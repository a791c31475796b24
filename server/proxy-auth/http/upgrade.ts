import { request as httpRequest, type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Doors } from "../doors.ts";
import { failureOf } from "../net/failures.ts";
import { clientOf } from "../net/proxy-listener.ts";
import { resetSocket } from "../net/reset-socket.ts";
import { Tunnel } from "../net/tunnel.ts";
import type { Account } from "../usage/account.ts";
import { badRequest, failureAnswer, refusalAnswer, respondAndClose } from "./answers.ts";
import { parseBasic } from "./credentials.ts";
import { Exchange } from "./exchange.ts";
import { originRequest, sendBack } from "./forward.ts";
import { endToEndHeaders, formatHead } from "./headers.ts";
import type { AbortDial, OriginAgent } from "./origin-agent.ts";
import { parseForwardTarget } from "./request-target.ts";

type UpgradeOptions = {
  request: IncomingMessage;
  socket: Socket;
  head: Buffer;
  doors: Doors;
  agent: OriginAgent;
};

/** A WebSocket through the plain proxy (ws://): the handshake is forwarded, then both sides are a tunnel. */
export async function handleUpgrade({ request, socket, head, doors, agent }: UpgradeOptions): Promise<void> {
  const abortDial: AbortDial = { run: null };
  const onGone = () => abortDial.run?.();
  const onError = () => socket.destroy();
  socket.on("error", onError).on("close", onGone);
  let who: Account | null = null;
  const refuse = (reason: string, answer: Parameters<typeof respondAndClose>[1]) => {
    doors.metrics.refused.inc({ door: "http", reason });
    who?.refused("http", reason);
    respondAndClose(socket, answer);
  };
  const target = parseForwardTarget(request.url ?? "");
  if (typeof target === "string") return refuse("bad-target", badRequest(target));
  const { "content-length": length, "transfer-encoding": coding } = request.headers;
  if ((length !== undefined && length !== "0") || coding !== undefined)
    return refuse("bad-request", badRequest("A request that upgrades the connection has no body."));
  const credentials = parseBasic(request.headers["proxy-authorization"]);
  if (!credentials) return refuse("no-credentials", refusalAnswer({ kind: "no-credentials" }));
  const admitted = await doors.admission.admit(credentials, clientOf(socket).address, "http");
  if (admitted.kind !== "admitted") return respondAndClose(socket, refusalAnswer(admitted));
  const { account } = admitted;
  who = account;
  const { address: ip } = clientOf(socket);
  const { slot, refused } = await doors.limits.enter(account, ip, "http");
  if (slot === null) return refuse(refused, failureAnswer(refused));
  if (socket.destroyed) return slot.release();
  doors.visited(account.userId, "http", target);
  const options = originRequest({ request, target, agent, user: admitted.user, doors, abortDial });
  const headers = [...(options.headers as string[]), "Connection", "Upgrade", "Upgrade", "websocket"];
  const upstream = httpRequest({ ...options, headers });
  const onCut = () => {
    resetSocket(socket);
    upstream.destroy();
  };
  const { accounts, clock, deadlines } = doors;
  const { timeouts } = deadlines;
  const exchange = new Exchange({ account, accounts, clock, timeouts, onCut, ip, target, isHandshake: true });
  doors.metrics.begin("http");
  let isTunnel = false;
  upstream.on("socket", (origin) => exchange.begin(origin));
  upstream.on("upgrade", (answer, origin, early) => {
    isTunnel = true;
    exchange.end();
    socket.off("close", onGone).off("error", onError);
    const back = endToEndHeaders(answer.rawHeaders, { httpVersion: answer.httpVersion });
    back.push("Connection", "Upgrade", "Upgrade", "websocket");
    socket.write(Buffer.concat([Buffer.from(formatHead(101, answer.statusMessage, back), "latin1"), early]));
    (origin as Socket).allowHalfOpen = true;
    const onEnd = () => {
      slot.release();
      doors.metrics.end("http");
    };
    new Tunnel({
      client: socket,
      origin: { socket: origin as Socket, reader: null },
      head,
      account,
      door: "http",
      ip,
      target,
      deadlines,
      clock,
      onEnd,
    }).start();
  });
  upstream.on("response", (answer) => {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on("finish", () => socket.end());
    sendBack(answer, response, upstream);
  });
  upstream.on("close", () => {
    if (isTunnel) return;
    exchange.end();
    slot.release();
    doors.metrics.end("http");
  });
  upstream.on("error", (error) => {
    const kind = failureOf(error);
    if (!socket.destroyed && kind !== "aborted") refuse(kind, failureAnswer(kind));
  });
  socket.on("close", () => upstream.destroy());
  upstream.end();
}
