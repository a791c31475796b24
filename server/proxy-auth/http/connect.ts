import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Doors } from "../doors.ts";
import { dialFor } from "../net/dial-for.ts";
import { failureOf } from "../net/failures.ts";
import { clientOf } from "../net/proxy-listener.ts";
import { resetSocket } from "../net/reset-socket.ts";
import { parseAuthority } from "../net/target.ts";
import { Tunnel } from "../net/tunnel.ts";
import { badRequest, failureAnswer, refusalAnswer, respondAndClose } from "./answers.ts";
import { parseBasic } from "./credentials.ts";

const ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

/** CONNECT (RFC 9110 §9.3.6): 200 only once the origin is connected; every refusal closes the connection. */
export async function handleConnect(options: {
  request: IncomingMessage;
  socket: Socket;
  head: Buffer;
  doors: Doors;
}): Promise<void> {
  const { request, socket, head, doors } = options;
  const gone = new AbortController();
  const onGone = () => gone.abort();
  const onError = () => socket.destroy();
  socket.on("error", onError).on("close", onGone);
  const refuse = (reason: string, answer: Parameters<typeof respondAndClose>[1]) => {
    doors.metrics.refused.inc({ door: "http", reason });
    respondAndClose(socket, answer);
  };

  const credentials = parseBasic(request.headers["proxy-authorization"]);
  if (!credentials) return refuse("no-credentials", refusalAnswer({ kind: "no-credentials" }));
  const admitted = await doors.admission.admit(credentials, clientOf(socket).address, "http");
  if (admitted.kind !== "admitted") return respondAndClose(socket, refusalAnswer(admitted));
  const target = parseAuthority(request.url ?? "", null);
  if (!target)
    return refuse("bad-target", badRequest("CONNECT needs host:port, for example example.org:443."));
  if (doors.metrics.isFull("http", admitted.account))
    return refuse("overloaded", failureAnswer("overloaded"));

  try {
    const { account } = admitted;
    const onCut = () => resetSocket(socket);
    const origin = await dialFor({ dial: doors.dial, account, target, gone, onCut });
    socket.off("close", onGone).off("error", onError);
    doors.metrics.begin("http");
    if (!socket.destroyed) socket.write(ESTABLISHED);
    const { deadlines, clock } = doors;
    new Tunnel({
      client: socket,
      origin,
      head,
      account,
      door: "http",
      deadlines,
      clock,
      onEnd: () => doors.metrics.end("http"),
    }).start();
  } catch (error) {
    const kind = failureOf(error);
    if (kind !== "aborted") refuse(kind, failureAnswer(kind));
  }
}
